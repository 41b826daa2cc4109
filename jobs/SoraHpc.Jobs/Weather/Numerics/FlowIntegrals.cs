using SoraHpc.Communication;
using SoraHpc.Communication.Reductions;

namespace SoraHpc.Jobs.Weather;

/// <summary>What the equations conserve, integrated over the sphere. Sums are exact: the same bits on any number of ranks.</summary>
/// <param name="Mass">∫ h [m³].</param>
/// <param name="Energy">∫ ½ h V² + ½ g ((h + b)² − b²) [m⁵ s⁻²].</param>
/// <param name="PotentialEnstrophy">∫ ½ (ζ + f)² / h [m s⁻²]; not meaningful where h touches 0.</param>
/// <param name="LeastDepth">The smallest h [m]; not a number when any value is none.</param>
public readonly record struct FlowIntegrals(double Mass, double Energy, double PotentialEnstrophy, double LeastDepth)
{
    /// <summary>Of the state as it is. Collective.</summary>
    public static FlowIntegrals Of(ShallowWaterModel model, Communicator communicator)
    {
        ExactSum mass = new(), energy = new(), enstrophy = new();
        double least = Add(model, mass, energy, enstrophy);
        return new(mass.Allreduce(communicator), energy.Allreduce(communicator), enstrophy.Allreduce(communicator),
            communicator.Allreduce(least, ReduceOperation.Min));
    }

    /// <summary>Adds this rank's terms to the three sums and returns its least depth. Local.</summary>
    public static double Add(ShallowWaterModel model, ExactSum mass, ExactSum energy, ExactSum enstrophy)
    {
        Span<double> vorticity = stackalloc double[Layout.Element];
        ReadOnlySpan<double> areas = model.Coefficients.Areas.GetSpan(), coefficients = model.Coefficients.Volume.GetSpan();
        double least = double.PositiveInfinity;
        for (int e = 0; e < model.Map.Owned.Length; e++)
        {
            Vorticity.Relative(model, e, vorticity);
            for (int n = 0; n < Layout.Element; n++)
            {
                FlowState node = model.NodeAt(e, n);
                double area = areas[e * Layout.Element + n], absolute = vorticity[n] + coefficients[e * Layout.Coefficients + Layout.Coriolis + n];
                mass.Add(area * node.Depth);
                energy.Add(area * (0.5 * node.Depth * (node.Wind.Dot(node.Wind) + Planet.Gravity * (node.Depth + 2 * node.Bottom))));
                enstrophy.Add(node.Depth > 0 ? area * (0.5 * absolute * absolute / node.Depth) : 0);
                least = Math.Min(least, node.Depth);
            }
        }
        return least;
    }
}
