using SoraHpc.Communication;

namespace SoraHpc.Storage.Checkpoints;

/// <summary>
/// Hands the state of a job from the ranks that have computed it to those that go on with it, some of which are the same: every element goes
/// straight from the rank that has it to those that ask for it, and is copied in place where that is the same rank. Nothing else moves.
/// </summary>
/// <remarks>The ranks that save fill a <see cref="CheckpointHome.Begin">checkpoint</see> and complete it; then all <see cref="Open"/>; those that go on read from
/// what that gave and <see cref="Finish"/>, while the others <see cref="Serve"/>. Each rank knows the ranges of all: 16 bytes a row of a block.</remarks>
public sealed unsafe class StateHandover : CheckpointHome
{
    private const int Over = -1;

    private readonly Communicator all;
    private readonly Communicator? going;
    private readonly ShareMemory memory = new();
    private CheckpointHeader header = new("", 0, 0, 0);
    private CheckpointLayout? own;
    private HeldRanges[] holders = [], here = [];

    /// <param name="all">All ranks that have a part in it, with no other messages; the first saves and goes on.</param>
    /// <param name="saving">Those that have the state; null on the others.</param>
    /// <param name="going">Those that go on with it; null on the others.</param>
    public StateHandover(Communicator all, Communicator? saving, Communicator? going) : base(saving ?? all) => (this.all, this.going) = (all, going);

    /// <summary>Of the whole state, on all ranks that go on.</summary>
    public long Bytes => Arrays.Sum(array => array.Bytes);

    /// <summary>What this rank has received from others.</summary>
    public long ReceivedBytes { get; private set; }

    internal IReadOnlyList<CheckpointArray> Arrays { get; private set; } = [];

    /// <summary>Tells all ranks who has what; what to read from on those that go on, null on the others. Collective over all.</summary>
    public CheckpointReader? Open()
    {
        byte[] layout = own?.ToBytes() ?? [];
        int[] lengths = new int[all.Size];
        int length = layout.Length;
        all.Allgather(new ReadOnlySpan<int>(in length), lengths);
        byte[] together = new byte[lengths.Sum()];
        all.Allgatherv<byte>(layout, together, lengths);
        Learn(together, lengths);
        header = header with { Step = all.Broadcast(header.Step), Fingerprint = all.Broadcast(header.Fingerprint), Time = all.Broadcast(header.Time) };
        return going is null ? null : new HandoverReader(this, going, header);
    }

    /// <summary>On the ranks that do not go on: gives what is asked for until all have finished.</summary>
    public void Serve()
    {
        while (all.Broadcast(Over) is var array && array != Over)
            Exchange(array, []);
    }

    /// <summary>On the ranks that go on: all has been read.</summary>
    public void Finish() => all.Broadcast(Over);

    /// <summary>Opens what was handed over. Collective over all.</summary>
    public override CheckpointReader? OpenNewest(string job, ulong fingerprint) => Open();

    /// <summary>Forgets it. Local.</summary>
    public override void Clear() => memory.Dispose();

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        memory.Dispose();
    }

    /// <summary>Reads into this rank's runs while all others read too, or serve. Collective over all.</summary>
    internal void Deal(int array, List<Run> runs)
    {
        all.Broadcast(array);
        Exchange(array, runs);
    }

    /// <summary>Memory for this rank's part.</summary>
    internal byte* Hold(CheckpointHeader of, CheckpointLayout layout)
    {
        (header, own) = (of, layout);
        return memory.Take(layout.Bytes);
    }

    private protected override CheckpointWriter Create(CheckpointHeader header) => new HandoverWriter(this, header);

    private void Learn(byte[] together, int[] lengths)
    {
        List<(ElementRange, nint)>[] found = [];
        for (int rank = 0, at = 0; rank < lengths.Length; at += lengths[rank++])
        {
            if (lengths[rank] == 0)
                continue;
            CheckpointLayout layout = CheckpointLayout.From(together[at..(at + lengths[rank])]);
            if (found.Length == 0)
                (Arrays, found) = (layout.Arrays, [.. layout.Arrays.Select(_ => new List<(ElementRange, nint)>())]);
            for (int i = 0; i < found.Length; i++)
                found[i].AddRange(layout.Ranges[i].Select(range => (range, (nint)rank)));
        }
        holders = [.. found.Select(list => new HeldRanges(list))];
        List<Run>[] runs = [.. Arrays.Select(_ => new List<Run>())];
        own?.AddRuns((nint)memory.Address, runs);
        here = [.. runs.Select(list => new HeldRanges(list.Select(run => (run.Range, run.Address))))];
    }

    private void Exchange(int array, List<Run> runs)
    {
        long bytes = Arrays[array].ElementBytes;
        ByteStream[] asked = Redistribution.Streams(all.Size), given = Redistribution.Streams(all.Size);
        List<ElementRange>[] wanted = [.. Enumerable.Range(0, all.Size).Select(_ => new List<ElementRange>())];
        foreach (Run run in runs)
            foreach ((ElementRange piece, _, nint holder) in holders[array].Split(run.Range))
            {
                wanted[holder].Add(piece);
                asked[holder].Add(run.Address + (nint)((piece.Begin - run.Range.Begin) * bytes), piece.Count * bytes);
            }
        ElementRange[] known = Redistribution.Exchange(all, wanted, out int[] counts);
        for (int rank = 0, i = 0; rank < all.Size; rank++)
            for (int last = i + counts[rank]; i < last; i++)
                foreach ((ElementRange piece, ElementRange held, nint address) in here[array].Split(known[i]))
                    given[rank].Add(address + (nint)((piece.Begin - held.Begin) * bytes), piece.Count * bytes);
        for (int rank = 0; rank < all.Size; rank++)
            ReceivedBytes += rank == all.Rank ? 0 : asked[rank].Bytes;
        Redistribution.Move(all, given, asked);
    }
}
