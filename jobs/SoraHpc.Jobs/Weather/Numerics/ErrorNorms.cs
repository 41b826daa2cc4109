using SoraHpc.Communication;
using SoraHpc.Communication.Reductions;

namespace SoraHpc.Jobs.Weather;

/// <summary>Relative differences of a field from the exact one: the test set's measures.</summary>
/// <param name="L1">∫|x − exact| / ∫|exact|.</param>
/// <param name="L2">√∫(x − exact)² / √∫exact².</param>
/// <param name="LInfinity">max|x − exact| / max|exact|.</param>
/// <remarks>Source: Williamson et al. 1992, equations 82–84. Integrals by the quadrature of the nodes, summed exactly.</remarks>
public readonly record struct ErrorNorms(double L1, double L2, double LInfinity)
{
    /// <summary>Of the free surface's height. Collective.</summary>
    public static ErrorNorms OfHeight(ShallowWaterModel model, Func<Cartesian, FlowState> exact, Communicator communicator)
    {
        ExactSum error = new(), size = new(), squaredError = new(), squaredSize = new();
        Span<double> largest = stackalloc double[2];
        for (int n = 0; n < model.Map.Owned.Length * Layout.Element; n++)
        {
            double truth = exact(model.DirectionOf(n)).Surface, area = model.Coefficients.Areas.GetSpan()[n];
            double difference = model.NodeAt(n / Layout.Element, n % Layout.Element).Surface - truth;
            error.Add(area * Math.Abs(difference));
            size.Add(area * Math.Abs(truth));
            squaredError.Add(area * difference * difference);
            squaredSize.Add(area * truth * truth);
            largest[0] = Math.Max(largest[0], Math.Abs(difference));
            largest[1] = Math.Max(largest[1], Math.Abs(truth));
        }
        communicator.Allreduce(largest, ReduceOperation.Max);
        return new(error.Allreduce(communicator) / size.Allreduce(communicator),
            Math.Sqrt(squaredError.Allreduce(communicator) / squaredSize.Allreduce(communicator)), largest[0] / largest[1]);
    }
}
