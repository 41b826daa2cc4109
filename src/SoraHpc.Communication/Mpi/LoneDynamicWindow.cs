using SoraHpc.Communication.Threads;

namespace SoraHpc.Communication.Mpi;

/// <summary>A dynamic window of one rank, which Open MPI 4.1 refuses to make: every access is the rank's own, at once.</summary>
internal sealed unsafe class LoneDynamicWindow(MpiProcess process) : WindowCore
{
    private readonly WindowShare share = new(0, ElementType.Of<byte>(), 1);
    private bool disposed;

    internal override void* LocalAddress => null;

    internal override int LocalLength => 0;

    internal override void* SharedAddress(int rank, out int length)
    {
        length = 0;
        process.Errors.Throw("the window is not shared: allocate it with AllocateSharedWindow", "SharedOf", ErrorClass.Window);
        return null;
    }

    internal override void Attach(void* address, nint bytes) => share.Attach((nint)address, bytes);

    internal override void Detach(void* address) => share.Detach((nint)address);

    internal override void Put(in Payload data, int target, nint offset) =>
        Buffer.MemoryCopy(data.Address, Access(target, offset, data.Bytes, "Put"), data.Bytes, data.Bytes);

    internal override void Get(in Payload data, int target, nint offset) =>
        Buffer.MemoryCopy(Access(target, offset, data.Bytes, "Get"), data.Address, data.Bytes, data.Bytes);

    internal override void Accumulate(in Payload data, int target, nint offset, ReduceOperation operation)
    {
        CheckOperation(operation, data.Type, "Accumulate");
        byte* into = Access(target, offset, data.Bytes, "Accumulate"), old = stackalloc byte[AtomicElement.LargestBytes];
        for (nint at = 0; at < data.Bytes; at += data.Type.Size)
            AtomicElement.Update(share.Atomic, operation, data.Type, into + at, (byte*)data.Address + at, old);
    }

    internal override void FetchAndOperate(void* value, void* old, ElementType element, int target, nint offset, ReduceOperation operation)
    {
        CheckOperation(operation, element, "FetchAndOperate");
        AtomicElement.Update(share.Atomic, operation, element, Access(target, offset, element.Size, "FetchAndOperate"), (byte*)value, (byte*)old);
    }

    internal override void CompareAndSwap(void* value, void* expected, void* old, ElementType element, int target, nint offset)
    {
        if (element.Kind is not (>= ElementKind.Int8 and <= ElementKind.UInt64 or ElementKind.Boolean))
            process.Errors.Throw($"not defined on {element.Kind} elements: integers only", "CompareAndSwap", ErrorClass.Type);
        AtomicElement.CompareAndSwap(share.Atomic, element, Access(target, offset, element.Size, "CompareAndSwap"), (byte*)value, (byte*)expected, (byte*)old);
    }

    internal override void Lock(int target, LockKind kind) => CheckTarget(target, "Lock");

    internal override void Unlock(int target) => CheckTarget(target, "Unlock");

    internal override void LockAll() => CheckTarget(0, "LockAll");

    internal override void UnlockAll() => CheckTarget(0, "UnlockAll");

    internal override void Flush(int target) => CheckTarget(target, "Flush");

    internal override void FlushAll() => CheckTarget(0, "FlushAll");

    internal override void Sync() => CheckTarget(0, "Sync");

    internal override void Fence() => CheckTarget(0, "Fence");

    public override void Dispose() => disposed = true;

    private byte* Access(int target, nint address, nint bytes, string call)
    {
        CheckTarget(target, call);
        if (!share.HasAttached(address, bytes))
            process.Errors.Throw($"{bytes} B at address {address:x} are not attached", call, ErrorClass.Argument);
        return (byte*)address;
    }

    private void CheckTarget(int target, string call)
    {
        if (disposed)
            process.Errors.ThrowClosed(call);
        if (target != 0)
            process.Errors.Throw($"rank {target} is not in [0, 1)", call, ErrorClass.Rank);
    }

    private void CheckOperation(ReduceOperation operation, ElementType type, string call)
    {
        if (operation.Kind == ReduceKind.User || type.Kind == ElementKind.Opaque || !operation.Accepts(type))
            process.Errors.Throw($"{operation} is not defined on {type.Kind} elements of a window", call, ErrorClass.Operation);
    }
}
