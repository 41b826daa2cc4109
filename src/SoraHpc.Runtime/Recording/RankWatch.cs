using System.Diagnostics;
using Microsoft.Extensions.Logging;
using SoraHpc.Communication;
using SoraHpc.Diagnostics.Energy;
using SoraHpc.Diagnostics.Tracing;
using SoraHpc.Diagnostics.Watching;

namespace SoraHpc.Runtime.Recording;

/// <summary>
/// A thread of every rank that wakes a few times in the limit of a stall: it shows that the process runs; on the first rank of a node it sends
/// rank 0 what the node's ranks do, and keeps the energy counters from wrapping unseen; on rank 0 it looks for stalls and imbalance.
/// It never calls the communication layer.
/// </summary>
internal sealed unsafe class RankWatch : IDisposable
{
    // Looks in the limit of a stall; at least one a second, for the energy.
    private const int LooksPerLimit = 20;

    private readonly Communicator communicator;
    private readonly AlarmOptions options;
    private readonly NodeStates node;
    private readonly SightingLink? link;
    private readonly RankSighting[] ranks;
    private readonly StallDetector? stalls;
    private readonly ImbalanceDetector? imbalance;
    private readonly PowercapEnergy? energy;
    private readonly ManualResetEventSlim ending = new();
    private readonly Thread thread;

    /// <remarks>Collective.</remarks>
    /// <param name="loads">λ step by step on rank 0.</param>
    /// <param name="energy">This node's, on its first rank.</param>
    internal RankWatch(Communicator communicator, AlarmOptions options, NodeStates node, string[] hosts, LoadSeries? loads, PowercapEnergy? energy)
    {
        (this.communicator, this.options, this.node, this.energy) = (communicator, options, node, energy);
        bool severalNodes = communicator.Allreduce(node.Members.Length, ReduceOperation.Min) < communicator.Size;
        link = severalNodes ? new(communicator) : null;
        ranks = new RankSighting[communicator.IsRoot ? communicator.Size : 0];
        stalls = communicator.IsRoot ? new(options.Stall, hosts) : null;
        imbalance = loads is null ? null : new(loads, options.ImbalancedSteps);
        thread = new(Watch) { IsBackground = true, Name = $"watch of rank {communicator.Rank}" };
        thread.Start();
    }

    /// <summary>Local.</summary>
    public void Dispose()
    {
        ending.Set();
        thread.Join();
        link?.Dispose();
        ending.Dispose();
    }

    private void Watch()
    {
        TimeSpan pause = TimeSpan.FromTicks(Math.Min(options.Stall.Ticks / LooksPerLimit, TimeSpan.TicksPerSecond));
        while (!ending.Wait(pause))
        {
            node.Own->Beat();
            energy?.Update();
            if (communicator.IsRoot)
                Look();
            else if (node.IsFirst)
                link?.Send(node);
        }
    }

    private void Look()
    {
        link?.Receive(ranks);
        for (int member = 0; member < node.Members.Length; member++)
            ranks[node.Members[member]] = node[member];
        Tell(stalls!.Look(ranks, Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency));
        Tell(imbalance?.Look());
    }

    private void Tell(string? line)
    {
        if (line is null)
            return;
        options.Tell(line);
        options.Logger?.LogWarning("{Alarm}", line);
    }
}
