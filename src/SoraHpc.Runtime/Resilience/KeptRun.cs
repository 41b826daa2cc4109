using System.Diagnostics;
using SoraHpc.Storage.Checkpoints;

namespace SoraHpc.Runtime.Resilience;

/// <summary>What one rank keeps of a run while the body is called again after the death of others. Local.</summary>
internal sealed class KeptRun(string job, ulong fingerprint) : IDisposable
{
    private long brokenOffAt;

    internal string Job => job;

    internal ulong Fingerprint => fingerprint;

    /// <summary>Its copies.</summary>
    internal CheckpointMemory Copies { get; } = new();

    /// <summary>When its state was saved.</summary>
    internal SavedMoments Saved { get; } = new();

    /// <summary>It has come to its end.</summary>
    internal bool IsDone { get; set; }

    /// <summary>The generation of the world that followed the death which has broken it off; 0: none has, or it was told.</summary>
    internal int BrokenOffBefore { get; set; }

    /// <summary>Work done again because of the deaths that were told [s].</summary>
    internal double LostSeconds { get; set; }

    /// <param name="at">When the death was known (<see cref="Stopwatch.GetTimestamp"/>).</param>
    internal void BreakOff(int before, long at) => (BrokenOffBefore, brokenOffAt) = (before, at);

    /// <summary>From when the state after a step was saved until the death was known [s].</summary>
    internal double SecondsLost(long step) => Math.Max(0, Stopwatch.GetElapsedTime(Saved.When(step), brokenOffAt).TotalSeconds);

    internal void Finish()
    {
        IsDone = true;
        Copies.Dispose();
    }

    public void Dispose() => Copies.Dispose();
}
