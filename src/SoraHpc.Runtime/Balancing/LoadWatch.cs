using System.Diagnostics;
using SoraHpc.Communication;
using SoraHpc.Diagnostics.Tracing;

namespace SoraHpc.Runtime.Balancing;

/// <summary>
/// λ max and λ mean of every step, without a rank waiting for another: each rank's compute time goes into reductions that are started
/// after the step and collected when they are complete, at the latest <see cref="Windows"/> windows further on. Allocates nothing.
/// </summary>
/// <param name="last">The ranks before these, whose sums are gone on with; null for none.</param>
internal sealed class LoadWatch(Communicator communicator, LoadWatch? last = null)
{
    // How far a rank may be ahead of the slowest before it waits, in windows.
    private const int Windows = 8;

    // Steps that are shorter than this share a window and its two messages, which cost a few microseconds.
    private const double WindowSeconds = 1e-3;
    private const int LongestWindow = 256;

    private struct Window
    {
        internal double[] Own, Slowest, Sum;
        internal Request First, Second;
        internal int Steps;
        internal long LastStep;
    }

    private readonly Window[] ring = [.. Enumerable.Range(0, Windows).Select(_ => new Window
        { Own = new double[LongestWindow], Slowest = new double[LongestWindow], Sum = new double[LongestWindow] })];
    private long open, collected;                       // the window being filled; the oldest not yet collected
    private int filled, length = 1;
    private double slowestSum = last?.slowestSum ?? 0, meanSum = last?.meanSum ?? 0, computeBefore;

    /// <summary>λ max / λ mean of the latest step that all ranks have told of; NaN before the first.</summary>
    internal double Latest { get; private set; } = double.NaN;

    /// <summary>That step.</summary>
    internal long LatestStep { get; private set; }

    /// <summary>Σ λ max / Σ λ mean over steps: how many times longer than with perfect shares in every single one; NaN before the first.</summary>
    internal double Mean => meanSum > 0 ? slowestSum / meanSum : double.NaN;

    /// <summary>Called by all ranks after each of their steps.</summary>
    /// <param name="computeSeconds">Compute time of all steps so far.</param>
    internal void AfterStep(long step, double computeSeconds)
    {
        ref Window window = ref ring[open % Windows];
        window.Own[filled++] = computeSeconds - computeBefore;
        computeBefore = computeSeconds;
        window.LastStep = step;
        if (filled == length)
            Start();
        while (collected < open && IsComplete(ref ring[collected % Windows]))
            Collect();
    }

    /// <summary>Waits for all that is under way. Collective.</summary>
    internal void Finish()
    {
        if (filled > 0)
            Start();
        while (collected < open)
            Collect();
    }

    private void Start()
    {
        ref Window window = ref ring[open % Windows];
        window.Steps = filled;
        window.First = communicator.StartAllreduce<double>(window.Own.AsMemory(0, filled), window.Slowest.AsMemory(0, filled), ReduceOperation.Max);
        window.Second = communicator.StartAllreduce<double>(window.Own.AsMemory(0, filled), window.Sum.AsMemory(0, filled), ReduceOperation.Sum);
        filled = 0;
        if (++open - collected == Windows)
            Collect();
        // From the window whose place the next one takes: by now every rank has collected it, so all choose the same length.
        if (open >= Windows)
        {
            ref Window oldest = ref ring[open % Windows];
            double perStep = 0;
            foreach (double sum in oldest.Sum.AsSpan(0, oldest.Steps))
                perStep += sum / (oldest.Steps * communicator.Size);
            length = (int)Math.Clamp(WindowSeconds / Math.Max(perStep, 1e-12), 1, LongestWindow);
        }
    }

    private static bool IsComplete(ref Window window) => window.First.Test(out _) && window.Second.Test(out _);

    private void Collect()
    {
        ref Window window = ref ring[collected++ % Windows];
        window.First.Wait();
        window.Second.Wait();
        long known = communicator.Tracer?.Imbalance is null ? 0 : Stopwatch.GetTimestamp();
        for (int i = 0; i < window.Steps; i++)
        {
            slowestSum += window.Slowest[i];
            meanSum += window.Sum[i] / communicator.Size;
            communicator.Tracer?.Imbalance?.Add(window.LastStep - window.Steps + 1 + i, known, window.Slowest[i], window.Sum[i] / communicator.Size);
        }
        double mean = window.Sum[window.Steps - 1] / communicator.Size;
        (Latest, LatestStep) = (mean > 0 ? window.Slowest[window.Steps - 1] / mean : double.NaN, window.LastStep);
    }
}
