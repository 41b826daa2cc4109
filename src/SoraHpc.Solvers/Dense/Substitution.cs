namespace SoraHpc.Solvers.Dense;

/// <summary>Solves with the triangles of a factored matrix, block column by block column; the next panel travels while the present one is used.</summary>
// A rank takes in n²/(2·P) entries of the triangle for a grid of P rows, whatever the number of right sides: one is bound by that traffic.
internal static class Substitution
{
    /// <summary>B = L⁻¹·B. Collective.</summary>
    internal static void Forward(BlockCyclicMatrix factors, bool unitDiagonal, BlockCyclicMatrix rightSides) =>
        Run(factors, unitDiagonal ? Triangle.UnitLower : Triangle.Lower, rightSides);

    /// <summary>B = U⁻¹·B. Collective.</summary>
    internal static void Backward(BlockCyclicMatrix factors, BlockCyclicMatrix rightSides) => Run(factors, Triangle.Upper, rightSides);

    private static void Run(BlockCyclicMatrix factors, Triangle triangle, BlockCyclicMatrix rightSides)
    {
        int blocks = factors.ColumnCycle.Blocks;
        using Panel first = new(factors), second = new(factors);
        using TrailingUpdate update = new(rightSides);
        (Panel present, Panel next) = (first, second);
        Start(factors, triangle, BlockAt(0), next);
        for (int step = 0; step < blocks; step++)
        {
            (present, next) = (next, present);
            present.Wait();
            if (step + 1 < blocks)
                Start(factors, triangle, BlockAt(step + 1), next);
            update.Update(present, triangle, 0, rightSides.LocalColumns, next);
        }

        int BlockAt(int step) => triangle == Triangle.Upper ? blocks - 1 - step : step;
    }

    private static void Start(BlockCyclicMatrix factors, Triangle triangle, int block, Panel panel)
    {
        int row = block * factors.Block;
        if (triangle == Triangle.Upper)
            panel.Describe(block, 0, factors.RowCycle.Before(row));
        else
            panel.Describe(block, factors.RowCycle.Before(row + factors.RowCycle.WidthOf(block)), factors.LocalRows);
        if (factors.ColumnCycle.Owns(block))
            panel.Pack();
        panel.Start();
    }
}
