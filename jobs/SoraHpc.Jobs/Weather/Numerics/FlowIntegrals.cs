using SoraHpc.Communication;

namespace SoraHpc.Jobs.Weather;

/// <summary>What the equations conserve, integrated over the sphere.</summary>
/// <param name="Mass">∫ h [m³].</param>
/// <param name="Energy">∫ ½ h V² + ½ g ((h + b)² − b²) [m⁵ s⁻²].</param>
/// <param name="PotentialEnstrophy">∫ ½ (ζ + f)² / h [m s⁻²].</param>
/// <param name="LeastDepth">The smallest h [m]; not a number when any value is none.</param>
public readonly record struct FlowIntegrals(double Mass, double Energy, double PotentialEnstrophy, double LeastDepth)
{
    /// <summary>Of the state as it is. Collective.</summary>
    public static FlowIntegrals Of(ShallowWaterModel model, Communicator communicator)
    {
        // Each sum carries what rounding loses: drifts of the order of 1e-15 are told from noise of the summation.
        Span<double> sums = stackalloc double[3], lost = stackalloc double[3], vorticity = stackalloc double[Layout.Element];
        double least = double.PositiveInfinity;
        for (int e = 0; e < model.Map.Owned.Length; e++)
        {
            Vorticity.Relative(model, e, vorticity);
            for (int n = 0; n < Layout.Element; n++)
            {
                FlowState node = model.NodeAt(e, n);
                double area = model.Coefficients.Areas.GetSpan()[e * Layout.Element + n];
                double f = model.Coefficients.Volume.GetSpan()[e * Layout.Coefficients + Layout.Coriolis + n];
                double kinetic = node.Wind.Dot(node.Wind) * node.Depth;
                double potential = Planet.Gravity * node.Depth * (node.Depth + 2 * node.Bottom);
                Add(ref sums[0], ref lost[0], area * node.Depth);
                Add(ref sums[1], ref lost[1], area * 0.5 * (kinetic + potential));
                Add(ref sums[2], ref lost[2], area * 0.5 * (vorticity[n] + f) * (vorticity[n] + f) / node.Depth);
                least = Math.Min(least, node.Depth);
            }
        }
        for (int i = 0; i < sums.Length; i++)
            sums[i] += lost[i];
        communicator.Allreduce(sums, ReduceOperation.Sum);
        return new(sums[0], sums[1], sums[2], communicator.Allreduce(least, ReduceOperation.Min));
    }

    private static void Add(ref double sum, ref double lost, double value)
    {
        double next = sum + value;
        lost += Math.Abs(sum) >= Math.Abs(value) ? sum - next + value : value - next + sum;
        sum = next;
    }
}
