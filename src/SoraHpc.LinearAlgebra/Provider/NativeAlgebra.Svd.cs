using SoraHpc.LinearAlgebra.Native;

namespace SoraHpc.LinearAlgebra.Provider;

internal sealed unsafe partial class NativeAlgebra<T>
{
    // By divide and conquer, several times faster than QR iteration where vectors are wanted. a is destroyed.
    public override void SingularValueDecomposition(bool computeVectors, T[] a, int rowsA, int columnsA, T[] s, T[] u, T[] vt)
    {
        MatrixArguments.Check(a, rowsA, columnsA, nameof(a));
        MatrixArguments.Check(u, rowsA, rowsA, nameof(u));
        MatrixArguments.Check(vt, columnsA, columnsA, nameof(vt));
        int values = Math.Min(rowsA, columnsA);
        MatrixArguments.Check(s, values, nameof(s));
        if (values == 0)
            return;
        CheckFinite(a, rowsA, columnsA);
        using Workspace singular = new((long)values * Element<T>.RealBytes);
        int info;
        using (MatrixMemory<T> matrix = new(a, rowsA), left = new(u, rowsA), right = new(vt, columnsA))
            info = DivideAndConquer(computeVectors ? All : No, rowsA, columnsA, matrix.Address, singular.Address, left.Address, right.Address);
        CheckArguments("gesdd", info);
        if (info > 0)
            throw new FactorizationException($"the singular values of the matrix of {rowsA} × {columnsA} do not converge; scale it, or look for values that are not numbers", -1);
        for (int i = 0; i < values; i++)
            s[i] = Element<T>.From(Element<T>.RealAt(singular.Address, i));
    }

    public override void SvdSolve(T[] a, int rowsA, int columnsA, T[] b, int columnsB, T[] x)
    {
        MatrixArguments.Check(a, rowsA, columnsA, nameof(a));
        T[] s = new T[Math.Min(rowsA, columnsA)], u = new T[rowsA * rowsA], vt = new T[columnsA * columnsA];
        SingularValueDecomposition(true, (T[])a.Clone(), rowsA, columnsA, s, u, vt);
        SvdSolveFactored(rowsA, columnsA, s, u, vt, b, columnsB, x);
    }

    // x = V·S⁻¹·Uᴴ·b.
    public override void SvdSolveFactored(int rowsA, int columnsA, T[] s, T[] u, T[] vt, T[] b, int columnsB, T[] x)
    {
        int values = Math.Min(rowsA, columnsA);
        MatrixArguments.Check(s, values, nameof(s));
        MatrixArguments.Check(u, rowsA, rowsA, nameof(u));
        MatrixArguments.Check(vt, columnsA, columnsA, nameof(vt));
        MatrixArguments.Check(b, rowsA, columnsB, nameof(b));
        MatrixArguments.Check(x, columnsA, columnsB, nameof(x));
        if (x.Length == 0)
            return;
        for (int i = 0; i < values; i++)
            if (Element<T>.IsZero(s[i]))
                throw new FactorizationException($"the matrix of {rowsA} × {columnsA} has not full rank: singular value {i} (from 0) is zero, so there is no unique solution", i);
        T[] coefficients = new T[values * columnsB];
        T one = Element<T>.From(1);
        fixed (T* left = u, right = vt, sides = b, rotated = coefficients, solution = x)
        {
            Multiply(Conjugate, No, values, columnsB, rowsA, one, left, rowsA, sides, rowsA, default, rotated, Math.Max(1, values));
            for (int i = 0; i < values; i++)
            {
                T inverse = Element<T>.From(1 / Element<T>.ToComplex(s[i]).Real);
                functions.Scal(&columnsB, &inverse, rotated + i, &values);
            }
            Multiply(Conjugate, No, columnsA, columnsB, values, one, right, columnsA, rotated, Math.Max(1, values), default, solution, columnsA);
        }
    }

    private int DivideAndConquer(byte job, int rows, int columns, T* matrix, void* singular, T* left, T* right)
    {
        int info, length = -1, small = Math.Min(rows, columns);
        long large = Math.Max(rows, columns);
        T best;
        // LAPACK asks for so much real work in its complex routine, the larger of its cases.
        using Workspace reals = new(Element<T>.IsComplex ? small * Math.Max(5L * small + 7, 2 * large + 2L * small + 1) * Element<T>.RealBytes : 0);
        using Workspace integers = new(8L * small * sizeof(int));
        if (Element<T>.IsComplex)
            functions.GesddComplex(&job, &rows, &columns, matrix, &rows, singular, left, &rows, right, &columns, &best, &length, reals.Address, (int*)integers.Address, &info, 1);
        else
            functions.GesddReal(&job, &rows, &columns, matrix, &rows, singular, left, &rows, right, &columns, &best, &length, (int*)integers.Address, &info, 1);
        length = LengthOf(best);
        using Workspace work = new((long)length * sizeof(T));
        if (Element<T>.IsComplex)
            functions.GesddComplex(&job, &rows, &columns, matrix, &rows, singular, left, &rows, right, &columns, work.Address, &length, reals.Address, (int*)integers.Address, &info, 1);
        else
            functions.GesddReal(&job, &rows, &columns, matrix, &rows, singular, left, &rows, right, &columns, work.Address, &length, (int*)integers.Address, &info, 1);
        return info;
    }
}
