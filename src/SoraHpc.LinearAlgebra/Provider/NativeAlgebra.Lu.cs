using SoraHpc.LinearAlgebra.Native;

namespace SoraHpc.LinearAlgebra.Provider;

internal sealed unsafe partial class NativeAlgebra<T>
{
    // A singular matrix has its factors too, and its determinant is wanted: only solving with them fails.
    public override void LUFactor(T[] data, int order, int[] ipiv)
    {
        MatrixArguments.Check(data, order, order, nameof(data));
        MatrixArguments.Check(ipiv, order, nameof(ipiv));
        if (order == 0)
            return;
        int info;
        using (MatrixMemory<T> values = new(data, order))
            fixed (int* pivots = ipiv)
                functions.Getrf(&order, &order, values.Address, &order, pivots, &info);
        CheckArguments("getrf", info);
        Shift(ipiv, -1);
    }

    public override void LUInverse(T[] a, int order)
    {
        int[] pivots = new int[order];
        LUFactor(a, order, pivots);
        LUInverseFactored(a, order, pivots);
    }

    public override void LUInverseFactored(T[] a, int order, int[] ipiv)
    {
        MatrixArguments.Check(a, order, order, nameof(a));
        int[] pivots = FromOne(ipiv, order);
        CheckRegular(a, order);
        if (order == 0)
            return;
        int info, length = -1;
        T best;
        using MatrixMemory<T> values = new(a, order);
        fixed (int* rows = pivots)
        {
            functions.Getri(&order, values.Address, &order, rows, &best, &length, &info);
            length = LengthOf(best);
            using Workspace work = new((long)length * sizeof(T));
            functions.Getri(&order, values.Address, &order, rows, work.Address, &length, &info);
        }
        CheckArguments("getri", info);
    }

    public override void LUSolve(int columnsOfB, T[] a, int order, T[] b)
    {
        MatrixArguments.Check(a, order, order, nameof(a));
        MatrixArguments.Check(b, order, columnsOfB, nameof(b));
        T[] factors = (T[])a.Clone();
        int[] pivots = new int[order];
        LUFactor(factors, order, pivots);
        LUSolveFactored(columnsOfB, factors, order, pivots, b);
    }

    public override void LUSolveFactored(int columnsOfB, T[] a, int order, int[] ipiv, T[] b)
    {
        MatrixArguments.Check(a, order, order, nameof(a));
        MatrixArguments.Check(b, order, columnsOfB, nameof(b));
        int[] pivots = FromOne(ipiv, order);
        CheckRegular(a, order);
        if (b.Length == 0)
            return;
        int info;
        byte no = No;
        using MatrixMemory<T> factors = new(a, order, written: false), sides = new(b, order);
        fixed (int* rows = pivots)
            functions.Getrs(&no, &order, &columnsOfB, factors.Address, &order, rows, sides.Address, &order, &info, 1);
        CheckArguments("getrs", info);
    }

    // MathNet counts rows from 0, LAPACK from 1.
    private static int[] FromOne(int[] ipiv, int order)
    {
        MatrixArguments.Check(ipiv, order, nameof(ipiv));
        int[] pivots = (int[])ipiv.Clone();
        for (int i = 0; i < order; i++)
            if ((uint)pivots[i] >= (uint)order)
                throw new ArgumentException($"row {i} cannot change places with row {pivots[i]} of {order}", nameof(ipiv));
        Shift(pivots, 1);
        return pivots;
    }

    private static void Shift(int[] pivots, int by)
    {
        for (int i = 0; i < pivots.Length; i++)
            pivots[i] += by;
    }

    private static void CheckRegular(T[] factors, int order)
    {
        for (int i = 0; i < order; i++)
            if (Element<T>.IsZero(factors[(long)i * order + i]))
                throw new FactorizationException($"the matrix of order {order} is singular: pivot {i} (from 0) is zero, so there is no inverse and no unique solution", i);
    }

    private static int LengthOf(T best) => checked((int)Math.Ceiling(Element<T>.ToComplex(best).Real));
}
