namespace SoraHpc.Communication.Threads;

/// <summary>Two groups of threads, kept as their union.</summary>
internal sealed class ThreadIntercommunicator(ThreadCommunicator union, int remoteSize) : Intercommunicator
{
    /// <inheritdoc/>
    public override int RemoteSize => remoteSize;

    /// <inheritdoc/>
    public override Communicator Merge(bool high) => union.Split(0, high ? 1 : 0)!;

    /// <inheritdoc/>
    public override void Dispose() => union.Dispose();
}
