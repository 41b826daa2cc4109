namespace SoraHpc.Runtime;

/// <summary>A job whose kernel can be tried before the grid is cut, to measure what every rank is capable of.</summary>
public interface IProbedJob : IJob
{
    /// <summary>
    /// Runs the job's kernel for a moment, about a millisecond or more, on data of its own; always the same amount. Called several times.
    /// Local: must not communicate.
    /// </summary>
    /// <returns>Work done, in the job's unit, > 0.</returns>
    double Probe();
}
