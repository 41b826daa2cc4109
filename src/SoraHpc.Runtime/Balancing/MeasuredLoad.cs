using SoraHpc.Decomposition;

namespace SoraHpc.Runtime.Balancing;

/// <summary>What parts and ranks cost of late; the same on every rank.</summary>
/// <param name="Placement">Who held what while it was measured.</param>
/// <param name="Steps">Steps it was measured over, ≥ 1.</param>
/// <param name="RankSeconds">λ_i: compute time of a step on every rank [s], waiting excluded.</param>
/// <param name="PartSeconds">Cost of a step of every part on the rank that held it [s]; the parts of a rank add up to its λ. Where the
/// job does not time its parts, its rank's time goes by cells.</param>
/// <param name="PartWork">Work of a step of every part as the job counts it; its cells where the job does not.</param>
/// <param name="PartBytes">What moving each part would send [B]: its patches of all fields.</param>
/// <param name="Capabilities">P_i: work a second on every rank, a moving average over measurements; each > 0.</param>
/// <param name="PlanSeconds">What setting up all halo exchanges took last, on the slowest rank [s].</param>
/// <param name="MeasureSeconds">What a measurement takes, waiting excluded [s]; 0 at the first two.</param>
public sealed record MeasuredLoad(Placement Placement, long Steps, IReadOnlyList<double> RankSeconds, IReadOnlyList<double> PartSeconds,
    IReadOnlyList<double> PartWork, IReadOnlyList<long> PartBytes, IReadOnlyList<double> Capabilities, double PlanSeconds, double MeasureSeconds)
{
    /// <summary>λ max [s]: what a step takes.</summary>
    public double Slowest => RankSeconds.Max();

    /// <summary>λ max / λ mean, ≥ 1; 1 is perfect balance, and stands where nothing took time.</summary>
    public double Imbalance => ImbalanceOf(RankSeconds);

    /// <summary>λ_i [s] if the parts lay otherwise: a part that goes from rank a to rank b takes P_a / P_b times what it took.</summary>
    public double[] Predict(Placement other)
    {
        double[] seconds = new double[RankSeconds.Count];
        for (int part = 0; part < PartSeconds.Count; part++)
        {
            int from = Placement.RankOf(part), to = other.RankOf(part);
            seconds[to] += from == to ? PartSeconds[part] : PartSeconds[part] * (Capabilities[from] / Capabilities[to]);
        }
        return seconds;
    }

    /// <summary>max / mean of λ_i; 1 where all are 0.</summary>
    public static double ImbalanceOf(IReadOnlyList<double> seconds) => seconds.Average() is > 0 and var mean ? seconds.Max() / mean : 1;
}
