using MathNet.Numerics.LinearAlgebra.Factorization;
using SoraHpc.LinearAlgebra.Native;

namespace SoraHpc.LinearAlgebra.Provider;

internal sealed unsafe partial class NativeAlgebra<T>
{
    // a becomes R, with the reflectors left below its diagonal, where MathNet looks for nothing; q gets all rowsA columns.
    public override void QRFactor(T[] a, int rowsA, int columnsA, T[] q, T[] tau)
    {
        MatrixArguments.Check(a, rowsA, columnsA, nameof(a));
        MatrixArguments.Check(q, rowsA, rowsA, nameof(q));
        int reflectors = Math.Min(rowsA, columnsA);
        MatrixArguments.Check(tau, reflectors, nameof(tau));
        Reflect(a, rowsA, columnsA, tau);
        a.AsSpan(0, reflectors * rowsA).CopyTo(q);
        FormQ(q, rowsA, rowsA, reflectors, tau);
    }

    // a becomes the first columnsA columns of Q.
    public override void ThinQRFactor(T[] a, int rowsA, int columnsA, T[] r, T[] tau)
    {
        MatrixArguments.Check(a, rowsA, columnsA, nameof(a));
        MatrixArguments.Check(r, columnsA, columnsA, nameof(r));
        MatrixArguments.Check(tau, Math.Min(rowsA, columnsA), nameof(tau));
        if (rowsA < columnsA)
            throw new ArgumentException($"a thin factorisation needs at least as many rows as columns, not {rowsA} × {columnsA}", nameof(a));
        Reflect(a, rowsA, columnsA, tau);
        for (int column = 0; column < columnsA; column++)
        {
            a.AsSpan(column * rowsA, column + 1).CopyTo(r.AsSpan(column * columnsA));
            r.AsSpan(column * columnsA + column + 1, columnsA - column - 1).Clear();
        }
        FormQ(a, rowsA, columnsA, columnsA, tau);
    }

    public override void QRSolve(T[] a, int rows, int columns, T[] b, int columnsB, T[] x, QRMethod method)
    {
        MatrixArguments.Check(a, rows, columns, nameof(a));
        T[] q = (T[])a.Clone(), r = new T[columns * columns], tau = new T[Math.Min(rows, columns)];
        ThinQRFactor(q, rows, columns, r, tau);         // the columns of Q beyond these do not touch the solution
        QRSolveFactored(q, r, rows, columns, tau, b, columnsB, x, QRMethod.Thin);
    }

    // x = R⁻¹·(the first columnsA rows of Qᴴ·b): the least squares solution.
    public override void QRSolveFactored(T[] q, T[] r, int rowsA, int columnsA, T[] tau, T[] b, int columnsB, T[] x, QRMethod method)
    {
        bool full = method == QRMethod.Full;
        int leading = full ? rowsA : columnsA;
        MatrixArguments.Check(q, rowsA, leading, nameof(q));
        MatrixArguments.Check(r, leading, columnsA, nameof(r));
        MatrixArguments.Check(b, rowsA, columnsB, nameof(b));
        MatrixArguments.Check(x, columnsA, columnsB, nameof(x));
        if (rowsA < columnsA)
            throw new ArgumentException($"{rowsA} equations do not determine {columnsA} unknowns", nameof(r));
        if (x.Length == 0)
            return;
        for (int i = 0; i < columnsA; i++)
            if (Element<T>.IsZero(r[(long)i * leading + i]))
                throw new FactorizationException($"the matrix of {rowsA} × {columnsA} has not full rank: diagonal entry {i} (from 0) of R is zero, so there is no unique solution", i);
        if (ReferenceEquals(b, x))
            b = (T[])b.Clone();
        T one = Element<T>.From(1);
        byte left = Left, upper = Upper, no = No;
        fixed (T* vectors = q, triangle = r, sides = b, solution = x)
        {
            Multiply(Conjugate, No, columnsA, columnsB, rowsA, one, vectors, rowsA, sides, rowsA, default, solution, columnsA);
            functions.Trsm(&left, &upper, &no, &no, &columnsA, &columnsB, &one, triangle, &leading, solution, &columnsA, 1, 1, 1, 1);
        }
    }

    private void Reflect(T[] a, int rows, int columns, T[] tau)
    {
        if (a.Length == 0)
            return;
        int info, length = -1;
        T best;
        using MatrixMemory<T> values = new(a, rows);
        fixed (T* factors = tau)
        {
            functions.Geqrf(&rows, &columns, values.Address, &rows, factors, &best, &length, &info);
            length = LengthOf(best);
            using Workspace work = new((long)length * sizeof(T));
            functions.Geqrf(&rows, &columns, values.Address, &rows, factors, work.Address, &length, &info);
        }
        CheckArguments("geqrf", info);
    }

    private void FormQ(T[] q, int rows, int columns, int reflectors, T[] tau)
    {
        if (q.Length == 0)
            return;
        int info, length = -1;
        T best;
        using MatrixMemory<T> values = new(q, rows);
        fixed (T* factors = tau)
        {
            functions.Orgqr(&rows, &columns, &reflectors, values.Address, &rows, factors, &best, &length, &info);
            length = LengthOf(best);
            using Workspace work = new((long)length * sizeof(T));
            functions.Orgqr(&rows, &columns, &reflectors, values.Address, &rows, factors, work.Address, &length, &info);
        }
        CheckArguments(Element<T>.IsComplex ? "ungqr" : "orgqr", info);
    }
}
