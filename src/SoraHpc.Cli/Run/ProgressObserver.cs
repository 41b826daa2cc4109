using SoraHpc.Diagnostics;
using SoraHpc.Runtime;

namespace SoraHpc.Cli.Run;

/// <summary>Shows a run's progress as it is told of it.</summary>
internal sealed class ProgressObserver(Progress progress) : IRunObserver
{
    private bool started;

    /// <inheritdoc/>
    public void AfterStep(long step, JobProgress job, double imbalance)
    {
        if (!started)
            progress.Start(job.Fraction, step); // what came before was set-up, which says nothing about the steps to come
        started = true;
        progress.Report(new ProgressReport(step, job.Fraction, job.Text, imbalance));
    }

    /// <inheritdoc/>
    public void Finished() => progress.Dispose();
}
