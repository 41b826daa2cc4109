using SoraHpc.Communication;

namespace SoraHpc.Jobs.Weather;

/// <summary>Relative differences of a field from the exact one: the test set's measures.</summary>
/// <param name="L1">∫|x − exact| / ∫|exact|.</param>
/// <param name="L2">√∫(x − exact)² / √∫exact².</param>
/// <param name="LInfinity">max|x − exact| / max|exact|.</param>
/// <remarks>Source: Williamson et al. 1992, equations 82–84. Integrals by the quadrature of the nodes.</remarks>
public readonly record struct ErrorNorms(double L1, double L2, double LInfinity)
{
    /// <summary>Of the free surface's height. Collective.</summary>
    public static ErrorNorms OfHeight(ShallowWaterModel model, Func<Cartesian, FlowState> exact, Communicator communicator)
    {
        Span<double> sums = stackalloc double[4], largest = stackalloc double[2];
        for (int n = 0; n < model.Map.Owned.Length * Layout.Element; n++)
        {
            double truth = exact(model.DirectionOf(n)).Surface, area = model.Coefficients.Areas.GetSpan()[n];
            double error = model.NodeAt(n / Layout.Element, n % Layout.Element).Surface - truth;
            sums[0] += area * Math.Abs(error);
            sums[1] += area * Math.Abs(truth);
            sums[2] += area * error * error;
            sums[3] += area * truth * truth;
            largest[0] = Math.Max(largest[0], Math.Abs(error));
            largest[1] = Math.Max(largest[1], Math.Abs(truth));
        }
        communicator.Allreduce(sums, ReduceOperation.Sum);
        communicator.Allreduce(largest, ReduceOperation.Max);
        return new(sums[0] / sums[1], Math.Sqrt(sums[2] / sums[3]), largest[0] / largest[1]);
    }
}
