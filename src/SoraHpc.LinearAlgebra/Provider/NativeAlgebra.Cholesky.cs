using SoraHpc.LinearAlgebra.Native;

namespace SoraHpc.LinearAlgebra.Provider;

internal sealed unsafe partial class NativeAlgebra<T>
{
    public override void CholeskyFactor(T[] a, int order)
    {
        MatrixArguments.Check(a, order, order, nameof(a));
        if (order == 0)
            return;
        int info;
        using (MatrixMemory<T> values = new(a, order))
            info = new NativeCholesky<T>(functions, values.Address, order).Factor(order);
        CheckArguments("potrf", info);
        if (info > 0)
            throw new FactorizationException($"the matrix of order {order} is not positive definite: its leading part of order {info} is not, at pivot {info - 1} (from 0)", info - 1);
        for (int column = 1; column < order; column++)
            a.AsSpan(column * order, column).Clear();
    }

    public override void CholeskySolve(T[] a, int orderA, T[] b, int columnsB)
    {
        MatrixArguments.Check(a, orderA, orderA, nameof(a));
        MatrixArguments.Check(b, orderA, columnsB, nameof(b));
        T[] factor = (T[])a.Clone();
        CholeskyFactor(factor, orderA);
        CholeskySolveFactored(factor, orderA, b, columnsB);
    }

    public override void CholeskySolveFactored(T[] a, int orderA, T[] b, int columnsB)
    {
        MatrixArguments.Check(a, orderA, orderA, nameof(a));
        MatrixArguments.Check(b, orderA, columnsB, nameof(b));
        if (b.Length == 0)
            return;
        int info;
        byte lower = Lower;
        using MatrixMemory<T> factor = new(a, orderA, written: false), sides = new(b, orderA);
        functions.Potrs(&lower, &orderA, &columnsB, factor.Address, &orderA, sides.Address, &orderA, &info, 1);
        CheckArguments("potrs", info);
    }
}
