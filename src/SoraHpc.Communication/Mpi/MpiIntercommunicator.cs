namespace SoraHpc.Communication.Mpi;

/// <summary>Two groups of processes, connected by the library.</summary>
internal sealed unsafe class MpiIntercommunicator : Intercommunicator, IMpiObject
{
    private readonly MpiProcess process;
    private nint handle;

    internal MpiIntercommunicator(MpiProcess process, nint handle)
    {
        (this.process, this.handle) = (process, handle);
        process.Errors.Check(process.Functions.CommSetErrhandler(handle, process.Abi.ErrorsReturn), "Comm_set_errhandler");
        int size;
        process.Errors.Check(process.Functions.CommRemoteSize(handle, &size), "Comm_remote_size");
        RemoteSize = size;
        process.Enter(this);
    }

    /// <inheritdoc/>
    public override int RemoteSize { get; }

    /// <inheritdoc/>
    public override Communicator Merge(bool high)
    {
        if (handle == 0)
            process.Errors.ThrowClosed(nameof(Merge));
        nint made = 0;
        process.Errors.Check(process.Functions.IntercommMerge(handle, high ? 1 : 0, &made), nameof(Merge));
        return MpiCommunicator.Wrap(process, made);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        if (handle == 0)
            return;
        nint freed = handle;
        process.Leave(this);
        handle = 0;
        process.Errors.Check(process.Functions.CommFree(&freed), "Comm_free");
    }

    void IMpiObject.Invalidate() => handle = 0;
}
