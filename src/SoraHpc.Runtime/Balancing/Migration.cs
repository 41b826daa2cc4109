namespace SoraHpc.Runtime.Balancing;

/// <summary>One move of parts to other ranks.</summary>
/// <param name="Step">After which step.</param>
/// <param name="Parts">Parts that changed their rank.</param>
/// <param name="Bytes">What was sent for it [B].</param>
/// <param name="MostBytes">What the rank with most to do sent and received [B].</param>
/// <param name="MoveSeconds">Time to send them, on the slowest rank [s].</param>
/// <param name="PlanSeconds">Time to set up all halo exchanges anew, on the slowest rank [s].</param>
/// <param name="Before">λ max / λ mean when it was decided.</param>
/// <param name="Predicted">What λ max / λ mean was to become.</param>
/// <param name="After">λ max / λ mean at the next measurement; NaN until then.</param>
public sealed record Migration(long Step, int Parts, long Bytes, long MostBytes, double MoveSeconds, double PlanSeconds, double Before, double Predicted, double After);
