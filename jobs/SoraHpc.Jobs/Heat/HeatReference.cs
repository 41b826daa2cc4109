namespace SoraHpc.Jobs.Heat;

/// <summary>The plain definition of the step, on one array without halo; the edge of the plate stays at 0 K difference.</summary>
public static class HeatReference
{
    /// <summary>One step of every cell. Shapes (rows, columns), row-major; cells beyond the edge count as 0.</summary>
    /// <param name="r">α·Δt/Δx², dimensionless.</param>
    public static void Step(double[,] u, double[,] next, double r)
    {
        for (int row = 0; row < u.GetLength(0); row++)
            for (int column = 0; column < u.GetLength(1); column++)
                next[row, column] = u[row, column] + r * (At(u, row, column - 1) + At(u, row, column + 1)
                    + (At(u, row - 1, column) + At(u, row + 1, column)) - 4.0 * u[row, column]);
    }

    private static double At(double[,] u, int row, int column) =>
        row >= 0 && row < u.GetLength(0) && column >= 0 && column < u.GetLength(1) ? u[row, column] : 0.0;
}
