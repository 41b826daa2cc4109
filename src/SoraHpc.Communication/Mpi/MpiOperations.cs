using System.Runtime.InteropServices;
using SoraHpc.Communication.Mpi.Abi;

namespace SoraHpc.Communication.Mpi;

/// <summary>The library's operation of every reduction: predefined ones by table, user-defined ones registered on first use.</summary>
internal sealed unsafe class MpiOperations(MpiFunctions mpi, MpiAbi abi, MpiErrors errors, MpiFailures failures)
{
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate void NativeCombine(void* left, void* right, int* count, void* datatype);

    // The delegate is kept as long as MPI may call through its pointer.
    private readonly record struct Registered(nint Handle, NativeCombine Keep);

    private readonly Dictionary<ReduceOperation, Registered> registered = new(ReferenceEqualityComparer.Instance);

    internal nint Of(ReduceOperation operation) =>
        abi.Operations[(int)operation.Kind] is not 0 and nint predefined ? predefined : UserOf(operation);

    /// <summary>Frees what was registered.</summary>
    internal void Close()
    {
        foreach (Registered entry in registered.Values)
        {
            nint handle = entry.Handle;
            errors.Check(mpi.OpFree(&handle), "Op_free");
        }
        registered.Clear();
    }

    private nint UserOf(ReduceOperation operation)
    {
        lock (registered)
        {
            if (registered.TryGetValue(operation, out Registered known))
                return known.Handle;
            NativeCombine combine = Guarded(operation.UserCombine!);
            nint handle = 0;
            errors.Check(mpi.OpCreate(Marshal.GetFunctionPointerForDelegate(combine), operation.IsCommutative ? 1 : 0, &handle), "Op_create");
            registered.Add(operation, new(handle, combine));
            return handle;
        }
    }

    // An exception must not unwind through the library's frames: it ends the job from here.
    private NativeCombine Guarded(ReduceOperation.UntypedCombine combine) => (left, right, count, _) =>
    {
        try
        {
            combine(left, right, *count);
        }
        catch (Exception failure)
        {
            failures.End(failure);
        }
    };
}
