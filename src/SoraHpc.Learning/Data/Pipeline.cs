using SoraHpc.Communication;
using SoraHpc.Diagnostics;

namespace SoraHpc.Learning.Data;

/// <summary>Cleaning and encoding, step after step. It is fitted to the training share alone, so that nothing of the rows it is judged by leaks into it.</summary>
/// <param name="steps">In order; each sees what those before it give.</param>
public sealed class Pipeline(params IReadOnlyList<Step> steps)
{
    /// <summary>Fits every step to the training share. Collective; the same on every rank and for any partition of the rows.</summary>
    /// <param name="ranks">All that have particles.</param>
    /// <param name="training">This rank's particles, at least one, which may be empty.</param>
    /// <exception cref="SoraException">There are no rows, ranks have different columns, or a step cannot take the numbers; the line says where.</exception>
    public FittedPipeline Fit(Communicator ranks, IEnumerable<DataParticle> training)
    {
        TableCheck.SameColumns(ranks, training);
        List<FittedStep> fitted = [];
        foreach (Step step in steps)
            fitted.Add(step.Fit(ranks, new FittedPipeline(fitted.ToArray()).Transform(training)));
        return new(fitted);
    }
}
