using System.Runtime.ExceptionServices;

namespace SoraHpc.Communication.Threads;

/// <summary>A communicator whose ranks are threads of this process. Each rank has an object of its own; what they share is the
/// <see cref="ThreadGroup"/>.</summary>
internal sealed partial class ThreadCommunicator : Communicator
{
    private readonly ThreadGroup group;
    private readonly ThreadRank self;
    private readonly Mailbox mailbox;
    private readonly bool owned;
    private long collectives;
    private bool disposed;

    /// <param name="owned">False for the world, which its body does not close.</param>
    internal ThreadCommunicator(ThreadGroup group, int rank, Topology? topology, bool owned = true)
        : base(rank, group.Size, group.WorldRankOf(rank), group.Members[rank].Requests, topology, group.Members[rank].Incarnation) =>
        (this.group, self, mailbox, this.owned) = (group, group.Members[rank], group.Mailboxes[rank], owned);

    /// <inheritdoc/>
    public override int LargestTag => int.MaxValue;

    /// <inheritdoc/>
    public override Transport Transport => Transport.Threads;

    /// <inheritdoc/>
    public override nint NativeHandle => 0;

    /// <inheritdoc/>
    public override string ProcessorName => "thread";

    internal WorldState World => group.World;

    /// <inheritdoc/>
    public override void Abort(int exitCode, string reason)
    {
        var failure = new CommunicationException(reason, nameof(Abort), WorldRank, ErrorClass.Aborted);
        World.Fail(new(WorldRank, ExceptionDispatchInfo.Capture(failure), exitCode));
        Enter(nameof(Abort));
    }

    /// <inheritdoc/>
    public override void Dispose() => disposed = owned;

    /// <summary>Every call passes here first: it is refused when the world has ended or the communicator is closed.</summary>
    private void Enter(string call)
    {
        World.Enter(self, call);
        if (disposed)
            ThrowClosed(call);
    }

    private void Look(string call)
    {
        World.ThrowIfEnded(self, call);
        if (disposed)
            ThrowClosed(call);
    }

    private void ThrowClosed(string call) => throw new CommunicationException("the communicator is closed", call, WorldRank, ErrorClass.Closed);
}
