namespace SoraHpc.Runtime.Balancing;

/// <summary>What a move of parts is thought to bring and to cost.</summary>
/// <param name="Now">λ max as it is [s a step].</param>
/// <param name="Then">λ max as predicted [s a step].</param>
/// <param name="Bytes">What the rank with most to do sends and receives [B].</param>
/// <param name="BytesPerSecond">As seen in earlier moves, > 0.</param>
/// <param name="PlanSeconds">Setting up the halo exchanges anew [s].</param>
public readonly record struct MoveEstimate(double Now, double Then, long Bytes, double BytesPerSecond, double PlanSeconds)
{
    /// <summary>What every step after the move saves [s].</summary>
    public double Gain => Now - Then;

    /// <summary>What the move takes [s].</summary>
    public double Cost => PlanSeconds + Bytes / BytesPerSecond;

    /// <summary>Gain less cost over that many steps [s]: a move pays when it is > 0.</summary>
    public double Profit(double steps) => Gain * steps - Cost;

    /// <summary>
    /// Steps to count the gain for: those that are left, but no more than the parts have lain as they do. Imbalance that moves on would
    /// make a longer gain a vain hope; and as with hired skis that are bought once hiring has cost as much, the loss is at most twice that
    /// of whoever knew the future (R. M. Karp, On-line algorithms versus off-line algorithms, 1992).
    /// </summary>
    public static double Horizon(double stepsLeft, long stepsSinceLastMove) => Math.Min(stepsLeft, stepsSinceLastMove);
}
