using SoraHpc.Jobs.Heat;

namespace SoraHpc.Jobs.Welding;

/// <summary>The plain definition of the step on whole arrays: conduction, loss, laser, phase change, one after the other.</summary>
public static class WeldingReference
{
    /// <summary>Advances temperature [K above the edge] and transformed fraction in place. Shapes (rows, columns).</summary>
    /// <param name="step">Number of the step, from 0: where the laser is.</param>
    public static void Step(double[,] u, double[,] fraction, double diffusionNumber, Laser laser, long step)
    {
        int rows = u.GetLength(0), columns = u.GetLength(1);
        (double middleRow, double middleColumn) = laser.At(step, rows, columns);
        double[,] next = new double[rows, columns];
        HeatReference.Step(u, next, diffusionNumber);
        for (int row = 0; row < rows; row++)
            for (int column = 0; column < columns; column++)
            {
                double temperature = next[row, column] - Steel.Cooling * u[row, column];
                double y = row - middleRow, x = column - middleColumn;
                if (Math.Abs(y) < 3 * laser.Radius && Math.Abs(x) < 3 * laser.Radius)
                    temperature += laser.Power * Math.Exp(-(y * y + x * x) / (laser.Radius * laser.Radius));
                next[row, column] = temperature > Steel.Cold ? ChangePhase(temperature, ref fraction[row, column]) : temperature;
            }
        Array.Copy(next, u, u.Length);
    }

    private static double ChangePhase(double temperature, ref double fraction)
    {
        double substeps = Math.Max(1, Math.Ceiling(Rate(Steel.Ambient + temperature) / Steel.LargestSubstep));
        for (int n = 0; n < substeps; n++)
        {
            double absolute = Steel.Ambient + temperature;
            double equilibrium = 1 / (1 + Math.Exp((Steel.Transition - absolute) / Steel.Width));
            double change = 1.0 / substeps * Rate(absolute) * (equilibrium - fraction);
            fraction += change;
            temperature -= Steel.Latent * change;
        }
        return temperature;
    }

    private static double Rate(double absolute) => Steel.Rate * Math.Exp(Steel.Activation * (1 / Steel.Reference - 1 / absolute));
}
