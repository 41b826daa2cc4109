namespace SoraHpc.Runtime.Elasticity;

/// <summary>One change of the number of particles.</summary>
/// <param name="Step">After which step.</param>
/// <param name="From">Particles before.</param>
/// <param name="To">Particles after.</param>
/// <param name="Work">W, the work of a step of all particles, that it was decided by.</param>
/// <param name="Seconds">From the last step before to the first after, on the root: saving, new communicators, cutting, loading, moving.</param>
/// <param name="Bytes">Of the state.</param>
/// <param name="MovedBytes">Of it what went from one rank to another.</param>
public sealed record ResizeReport(long Step, int From, int To, double Work, double Seconds, long Bytes, long MovedBytes)
{
    /// <summary>What any equal cut has to move: the shares of the ranks that come, or go [B].</summary>
    public long LeastBytes => (long)(Bytes * (double)Math.Abs(From - To) / Math.Max(From, To));
}
