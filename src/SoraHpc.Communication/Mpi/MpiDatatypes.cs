using System.Runtime.CompilerServices;
using SoraHpc.Communication.Mpi.Abi;

namespace SoraHpc.Communication.Mpi;

/// <summary>The library's datatype of every element type: predefined ones by table, structs as so many bytes, made once per size.</summary>
internal sealed unsafe class MpiDatatypes
{
    // Structs up to this size are found by index, larger ones in a dictionary.
    private const int SmallBytes = 1024;
    // Elements per block of a message too long for a count of 32 bits.
    private const int BlockElements = 1 << 30;

    private readonly MpiFunctions mpi;
    private readonly MpiAbi abi;
    private readonly MpiErrors errors;
    private readonly nint[] transfer, operand;
    private readonly nint[] small = new nint[SmallBytes + 1];
    private readonly Dictionary<int, nint> large = [];

    internal MpiDatatypes(MpiFunctions mpi, MpiAbi abi, MpiErrors errors)
    {
        (this.mpi, this.abi, this.errors) = (mpi, abi, errors);
        operand = abi.Datatypes;
        // A located value has padding, which MPI's pair types leave out: moved as bytes, it keeps the length its receiver counts in.
        transfer = [.. operand];
        for (ElementKind kind = ElementKind.LocatedDouble; kind <= ElementKind.LocatedInt32; kind++)
            transfer[(int)kind] = 0;
    }

    /// <summary>For messages that are moved.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal nint Of(ElementType type) => transfer[(int)type.Kind] is not 0 and nint predefined ? predefined : OpaqueOf(type.Size);

    /// <summary>For elements that are reduced.</summary>
    internal nint OperandOf(ElementType type) => operand[(int)type.Kind] is not 0 and nint predefined ? predefined : OpaqueOf(type.Size);

    /// <summary>A type of which one element is <paramref name="count"/> elements: for counts beyond 2³¹. The caller frees it.</summary>
    internal nint CreateLarge(ElementType type, nint count)
    {
        (nint blocks, nint rest) = Math.DivRem(count, BlockElements);
        nint element = Of(type), block = 0, whole = 0, result = 0;
        errors.Check(mpi.TypeContiguous(BlockElements, element, &block), "Type_contiguous");
        errors.Check(mpi.TypeContiguous((int)blocks, block, &whole), "Type_contiguous");
        int* lengths = stackalloc int[] { 1, (int)rest };
        nint* displacements = stackalloc nint[] { 0, blocks * BlockElements * type.Size };
        nint* types = stackalloc nint[2];
        abi.Store(types, 0, whole);
        abi.Store(types, 1, element);
        errors.Check(mpi.TypeCreateStruct(2, lengths, displacements, types, &result), "Type_create_struct");
        errors.Check(mpi.TypeCommit(&result), "Type_commit");
        Free(block);
        Free(whole);
        return result;
    }

    /// <summary>Frees a type; transfers that use it are not disturbed.</summary>
    internal void Free(nint type) => errors.Check(mpi.TypeFree(&type), "Type_free");

    /// <summary>Frees what was made here.</summary>
    internal void Close()
    {
        foreach (nint type in small.Where(made => made != 0).Concat(large.Values))
            Free(type);
        Array.Clear(small);
        large.Clear();
    }

    private nint OpaqueOf(int size)
    {
        if (size <= SmallBytes && small[size] != 0)
            return small[size];
        lock (large)
        {
            if (large.TryGetValue(size, out nint known))
                return known;
            nint made = 0;
            errors.Check(mpi.TypeContiguous(size, abi.Byte, &made), "Type_contiguous");
            errors.Check(mpi.TypeCommit(&made), "Type_commit");
            if (size <= SmallBytes)
                small[size] = made;
            else
                large.Add(size, made);
            return made;
        }
    }
}
