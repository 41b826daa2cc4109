using System.Runtime.InteropServices;
using SoraHpc.Communication.Mpi.Abi;

namespace SoraHpc.Communication.Mpi;

/// <summary>The library's operation of every reduction: predefined ones by table, user-defined ones registered on first use.</summary>
internal sealed unsafe class MpiOperations
{
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate void NativeCombine(void* left, void* right, int* count, void* datatype);

    // The delegate is kept as long as MPI may call through its pointer.
    private readonly record struct Registered(nint Handle, NativeCombine Keep);

    private readonly MpiFunctions mpi;
    private readonly MpiAbi abi;
    private readonly MpiErrors errors;
    private readonly MpiFailures failures;
    private readonly nint[] predefined;                 // by kind of reduction, then of element; 0 where ours is called
    private readonly Dictionary<ReduceOperation, Registered> registered = new(ReferenceEqualityComparer.Instance);
    private readonly ReduceOperation?[] replaced;       // as above; made on first use

    internal MpiOperations(MpiFunctions mpi, MpiAbi abi, MpiErrors errors, MpiFailures failures)
    {
        (this.mpi, this.abi, this.errors, this.failures) = (mpi, abi, errors, failures);
        predefined = new nint[abi.Operations.Length * ElementType.Kinds];
        replaced = new ReduceOperation?[predefined.Length];
        for (int kind = 0; kind < abi.Operations.Length; kind++)
            predefined.AsSpan(kind * ElementType.Kinds, ElementType.Kinds).Fill(abi.Operations[kind]);
        foreach ((ReduceKind kind, ElementKind element) in abi.WrongReductions)
            predefined[(int)kind * ElementType.Kinds + (int)element] = 0;
    }

    internal nint Of(ReduceOperation operation, ElementType type) =>
        predefined[(int)operation.Kind * ElementType.Kinds + (int)type.Kind] is not 0 and nint handle ? handle
            : RegisteredOf(operation.Kind == ReduceKind.User ? operation : ReplacementOf(operation.Kind, type.Kind));

    /// <summary>For one-sided access, where the standard allows only the library's own.</summary>
    internal nint PredefinedOf(ReduceOperation operation) => abi.Operations[(int)operation.Kind];

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

    private ReduceOperation ReplacementOf(ReduceKind kind, ElementKind element)
    {
        ref ReduceOperation? made = ref replaced[(int)kind * ElementType.Kinds + (int)element];
        return made ?? Interlocked.CompareExchange(ref made, IntegerReductions.Create(kind, element), null) ?? made;
    }

    private nint RegisteredOf(ReduceOperation operation)
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
