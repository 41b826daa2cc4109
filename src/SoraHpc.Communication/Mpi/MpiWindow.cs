using System.Runtime.InteropServices;
using SoraHpc.Communication.Mpi.Abi;

namespace SoraHpc.Communication.Mpi;

/// <summary>A window of the library. Every rank knows every share's length, so a range error throws before any access.</summary>
internal sealed unsafe class MpiWindow : WindowCore, IMpiObject
{
    // MPICH 4.0 carries out accesses 8 B before a share where the shares of lower ranks are no multiple of 16 B; whole cache lines also
    // keep ranks from writing into one.
    private const int LineBytes = 64;

    private readonly MpiProcess process;
    private readonly MpiFunctions mpi;
    private readonly int[] lengths;
    private readonly void* local;
    private readonly WindowKind kind;
    private nint handle;

    private MpiWindow(MpiProcess process, nint handle, void* local, int[] lengths, int rank, WindowKind kind)
    {
        (this.process, this.handle, this.lengths, this.kind) = (process, handle, lengths, kind);
        this.local = local;
        mpi = process.Functions;
        LocalLength = lengths[rank];
        process.Enter(this);
    }

    internal static MpiWindow Allocate(MpiProcess process, MpiCommunicator communicator, nint comm, int length, ElementType type, WindowKind kind)
    {
        if (length < 0)
            process.Errors.Throw($"a window of {length} elements", "AllocateWindow", ErrorClass.Count);
        int[] lengths = communicator.Allgather(length);
        void* local = null;
        nint handle = 0, bytes = ((nint)length * type.Size + LineBytes - 1) / LineBytes * LineBytes;
        MpiFunctions mpi = process.Functions;
        if (kind == WindowKind.Dynamic)
            process.Errors.Check(mpi.WinCreateDynamic(process.Abi.NullInfo, comm, &handle), "CreateDynamicWindow");
        else
            process.Errors.Check((kind == WindowKind.Shared ? mpi.WinAllocateShared : mpi.WinAllocate)(bytes, type.Size, process.Abi.NullInfo, comm, &local, &handle),
                kind == WindowKind.Shared ? "AllocateSharedWindow" : "AllocateWindow");
        process.Errors.Check(mpi.WinSetErrhandler(handle, process.Abi.ErrorsReturn), "Win_set_errhandler");
        NativeMemory.Clear(local, (nuint)bytes);
        communicator.Barrier();                         // nobody's first put may come before the zeros
        return new(process, handle, local, lengths, communicator.Rank, kind);
    }

    internal override void* LocalAddress => Open("Local") != 0 ? local : null;

    internal override int LocalLength { get; }

    internal override void* SharedAddress(int rank, out int length)
    {
        nint window = Open("SharedOf");
        if (kind != WindowKind.Shared)
            process.Errors.Throw("the window is not shared: allocate it with AllocateSharedWindow", "SharedOf", ErrorClass.Window);
        CheckRange(rank, 0, 0, "SharedOf");
        nint bytes;
        int unit;
        void* address;
        Check(mpi.WinSharedQuery(window, rank, &bytes, &unit, &address), "SharedOf");
        length = lengths[rank];
        return address;
    }

    internal override void Attach(void* address, nint bytes) => Check(mpi.WinAttach(Open("Attach"), address, bytes), "Attach");

    internal override void Detach(void* address) => Check(mpi.WinDetach(Open("Detach"), address), "Detach");

    internal override void Put(in Payload data, int target, nint offset)
    {
        nint window = Open("Put"), element = process.Datatypes.Of(data.Type);
        CheckRange(target, offset, data.Count, "Put");
        Check(mpi.Put(data.Address, (int)data.Count, element, target, offset, (int)data.Count, element, window), "Put");
    }

    internal override void Get(in Payload data, int target, nint offset)
    {
        nint window = Open("Get"), element = process.Datatypes.Of(data.Type);
        CheckRange(target, offset, data.Count, "Get");
        Check(mpi.Get(data.Address, (int)data.Count, element, target, offset, (int)data.Count, element, window), "Get");
    }

    internal override void Accumulate(in Payload data, int target, nint offset, ReduceOperation operation)
    {
        nint window = Open("Accumulate"), element = process.Datatypes.OperandOf(data.Type);
        CheckOperation(operation, data.Type, "Accumulate");
        CheckRange(target, offset, data.Count, "Accumulate");
        Check(mpi.Accumulate(data.Address, (int)data.Count, element, target, offset, (int)data.Count, element,
            process.Operations.PredefinedOf(operation), window), "Accumulate");
    }

    internal override void FetchAndOperate(void* value, void* old, ElementType element, int target, nint offset, ReduceOperation operation)
    {
        nint window = Open("FetchAndOperate");
        CheckOperation(operation, element, "FetchAndOperate");
        CheckPredefined(element, "FetchAndOperate");
        CheckRange(target, offset, 1, "FetchAndOperate");
        Check(mpi.FetchAndOp(value, old, process.Datatypes.OperandOf(element), target, offset, process.Operations.PredefinedOf(operation), window), "FetchAndOperate");
        Check(mpi.WinFlush(target, window), "FetchAndOperate");
    }

    internal override void CompareAndSwap(void* value, void* expected, void* old, ElementType element, int target, nint offset)
    {
        nint window = Open("CompareAndSwap");
        if (element.Kind is not (>= ElementKind.Int8 and <= ElementKind.UInt64 or ElementKind.Boolean))
            process.Errors.Throw($"not defined on {element.Kind} elements: integers only", "CompareAndSwap", ErrorClass.Type);
        CheckRange(target, offset, 1, "CompareAndSwap");
        Check(mpi.CompareAndSwap(value, expected, old, process.Datatypes.OperandOf(element), target, offset, window), "CompareAndSwap");
        Check(mpi.WinFlush(target, window), "CompareAndSwap");
    }

    internal override void Lock(int target, LockKind kind)
    {
        nint window = Open("Lock");
        CheckRange(target, 0, 0, "Lock");
        Check(mpi.WinLock(kind == LockKind.Exclusive ? process.Abi.LockExclusive : process.Abi.LockShared, target, 0, window), "Lock");
    }

    internal override void Unlock(int target) => Check(mpi.WinUnlock(target, Open("Unlock")), "Unlock");

    internal override void LockAll() => Check(mpi.WinLockAll(0, Open("LockAll")), "LockAll");

    internal override void UnlockAll() => Check(mpi.WinUnlockAll(Open("UnlockAll")), "UnlockAll");

    internal override void Flush(int target) => Check(mpi.WinFlush(target, Open("Flush")), "Flush");

    internal override void FlushAll() => Check(mpi.WinFlushAll(Open("FlushAll")), "FlushAll");

    internal override void Sync() => Check(mpi.WinSync(Open("Sync")), "Sync");

    internal override void Fence() => Check(mpi.WinFence(0, Open("Fence")), "Fence");

    /// <inheritdoc/>
    public override void Dispose()
    {
        if (handle == 0)
            return;
        nint freed = handle;
        process.Leave(this);
        handle = 0;
        process.Errors.Check(mpi.WinFree(&freed), "Window.Dispose");
    }

    void IMpiObject.Invalidate() => handle = 0;

    private nint Open(string call)
    {
        if (handle == 0)
            process.Errors.ThrowClosed(call);
        return handle;
    }

    private void Check(int code, string call)
    {
        if (code != 0)
            process.Errors.Throw(code, call);
    }

    private void CheckRange(int target, nint offset, nint count, string call)
    {
        if ((uint)target >= (uint)lengths.Length)
            process.Errors.Throw($"rank {target} is not in [0, {lengths.Length})", call, ErrorClass.Rank);
        if (kind != WindowKind.Dynamic && (offset < 0 || offset + count > lengths[target]))
            process.Errors.Throw($"elements [{offset}, {offset + count}) are outside rank {target}'s {lengths[target]}", call, ErrorClass.Argument);
    }

    private void CheckOperation(ReduceOperation operation, ElementType type, string call)
    {
        if (operation.Kind == ReduceKind.User || !operation.Accepts(type))
            process.Errors.Throw($"{operation} is not defined on {type.Kind} elements of a window", call, ErrorClass.Operation);
    }

    private void CheckPredefined(ElementType type, string call)
    {
        if (type.Kind == ElementKind.Opaque)
            process.Errors.Throw("not defined on structs: use a number", call, ErrorClass.Type);
    }
}
