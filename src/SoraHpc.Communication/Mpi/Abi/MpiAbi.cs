namespace SoraHpc.Communication.Mpi.Abi;

/// <summary>All that differs between MPI libraries once one is loaded: handle width, status layout, constants. Data, one file of
/// constants per ABI; code above asks this table and never which library it is.</summary>
internal sealed unsafe class MpiAbi
{
    /// <summary>"Open MPI" or "MPICH".</summary>
    internal required string Name { get; init; }

    /// <summary>Bytes of a handle in memory: in arrays and behind out-parameters. As an argument every handle is a nint.</summary>
    internal required int HandleBytes { get; init; }

    internal required int StatusBytes { get; init; }
    internal required int SourceAt { get; init; }
    internal required int TagAt { get; init; }
    internal required int ErrorAt { get; init; }

    /// <summary>The message's bytes: 32 low bits here, the others at <see cref="LengthHighAt"/> above <see cref="LengthHighShift"/> bits of
    /// something else. No header says so; <see cref="MpiStatusReader"/> tries it out before it relies on it.</summary>
    internal required int LengthLowAt { get; init; }
    internal required int LengthHighAt { get; init; }
    internal required int LengthHighShift { get; init; }

    internal required int AnySource { get; init; }
    internal required int AnyTag { get; init; }
    internal required int ProcessNull { get; init; }
    internal required int Undefined { get; init; }
    internal required int SplitShared { get; init; }
    internal required int LockShared { get; init; }
    internal required int LockExclusive { get; init; }
    internal required int LargestTagKey { get; init; }
    internal required int ErrorInStatus { get; init; }
    internal required int ErrorPending { get; init; }

    /// <summary>The library's numbers of single, funneled, serialized, multiple, in the order of <see cref="ThreadLevel"/>.</summary>
    internal required int[] ThreadLevels { get; init; }

    /// <summary>False where MPI_Reduce with MPI_IN_PLACE crashes at a root other than 0 (MPICH 4.0.2 from 2 KiB on): then the operand is copied.</summary>
    internal required bool ReducesInPlaceAtAnyRoot { get; init; }

    /// <summary>Whether the living can make communicators without the dead. False for MPICH 4.0.2, whose shrink ends in an assertion.</summary>
    internal required bool GoesOnWithoutTheDead { get; init; }

    internal required nint InPlace { get; init; }
    internal required nint StatusIgnore { get; init; }
    internal required nint Unweighted { get; init; }

    internal required nint World { get; init; }
    internal required nint Self { get; init; }
    internal required nint NullCommunicator { get; init; }
    internal required nint NullRequest { get; init; }
    internal required nint NoProcessMessage { get; init; }
    internal required nint NullInfo { get; init; }
    internal required nint ErrorsReturn { get; init; }
    internal required nint Byte { get; init; }

    /// <summary>Predefined datatype of every <see cref="ElementKind"/>; 0 for opaque elements.</summary>
    internal required nint[] Datatypes { get; init; }

    /// <summary>Predefined operation of every <see cref="ReduceKind"/>; 0 for user-defined ones.</summary>
    internal required nint[] Operations { get; init; }

    /// <summary>Predefined reductions that give wrong results on these elements: ours take their place.</summary>
    internal required (ReduceKind Kind, ElementKind Element)[] WrongReductions { get; init; }

    /// <summary>Our class of the library's error class; classes not listed are <see cref="ErrorClass.Other"/>.</summary>
    internal required IReadOnlyDictionary<int, ErrorClass> ErrorClasses { get; init; }

    /// <summary>Writes element <paramref name="index"/> of a native array of handles.</summary>
    internal void Store(void* handles, nint index, nint handle)
    {
        if (HandleBytes == sizeof(int))
            ((int*)handles)[index] = (int)handle;
        else
            ((nint*)handles)[index] = handle;
    }

    /// <summary>A rank in the library's numbers: the two special ranks of <see cref="Communicator"/> translated.</summary>
    internal int Rank(int rank) => rank >= 0 ? rank : rank == Communicator.AnySource ? AnySource : ProcessNull;

    /// <summary>A tag in the library's numbers. Negative tags other than AnyTag stay negative, for the library to refuse.</summary>
    internal int Tag(int tag) => tag == Communicator.AnyTag ? AnyTag : tag;

    internal int SourceOf(void* status) => *(int*)((byte*)status + SourceAt);
    internal int TagOf(void* status) => *(int*)((byte*)status + TagAt);
    internal nint LengthOf(void* status) =>
        (nint)(*(uint*)((byte*)status + LengthLowAt) | (ulong)(*(uint*)((byte*)status + LengthHighAt) >> LengthHighShift) << 32);
    internal int ErrorOf(void* status) => *(int*)((byte*)status + ErrorAt);
}

/// <summary>Room for one status of any ABI: the largest has 24 bytes; 32 leave room for the standard ABI's.</summary>
internal unsafe struct NativeStatus
{
    internal fixed long Words[4];
}
