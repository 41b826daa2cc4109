using System.Text;
using SoraHpc.Communication;

namespace SoraHpc.Storage.Checkpoints;

/// <summary>
/// Checkpoints in the memories of the ranks: each keeps its own part, as the job has cut it, and a copy of another rank's, on another host where
/// there is one. A checkpoint counts when every copy has arrived. It is whole as long as of every two ranks that keep the same part one is left,
/// and is then dealt anew to however many ranks there are.
/// </summary>
public sealed class CheckpointCopies : CheckpointHome
{
    private const int SizeTag = 1, ImageTag = 2;

    private readonly BuddyRing ring;
    private readonly long[] sizeSent = new long[1], sizeReceived = new long[1];
    private long lastNumber;

    private CheckpointCopies(Communicator communicator, CheckpointMemory memory, BuddyRing ring) : base(communicator) => (Memory, this.ring) = (memory, ring);

    /// <summary>Copies that are on the host of what they are copies of: when that host goes both are gone.</summary>
    public int OnTheirHost => Communicator.Size == 1 ? 0 : ring.AtHome;

    /// <summary>What <see cref="OpenNewest(string, ulong, long)"/> looked for in vain, in one line; null where it has found the newest, or there was none.</summary>
    public string? Loss { get; private set; }

    internal CheckpointMemory Memory { get; }

    /// <summary>The last layout of this rank's part, while it stays the same.</summary>
    internal byte[] Layout { get; set; } = [];

    /// <summary>Makes out who keeps whose copy. Collective.</summary>
    /// <param name="communicator">The ranks that save and restore; used by this object alone.</param>
    /// <param name="memory">What this rank has kept so far; empty on a rank that is new.</param>
    /// <param name="ranksPerNode">For trying on one machine: so many ranks count as a host. Default: 0, as the hosts' names say.</param>
    public static CheckpointCopies Open(Communicator communicator, CheckpointMemory memory, int ranksPerNode = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(ranksPerNode);
        long[] nodes = new long[communicator.Size];
        long own = ranksPerNode > 0 ? communicator.Rank / ranksPerNode : (long)XxHash64.Of(Encoding.UTF8.GetBytes(communicator.ProcessorName));
        communicator.Allgather(new ReadOnlySpan<long>(in own), nodes);
        return new(communicator, memory, new BuddyRing(nodes)) { lastNumber = communicator.Allreduce(memory.LastNumber, ReduceOperation.Max) };
    }

    /// <inheritdoc/>
    /// <remarks>Others' than this job's count as none.</remarks>
    public override CheckpointReader? OpenNewest(string job, ulong fingerprint) => OpenNewest(job, fingerprint, long.MaxValue);

    /// <summary>The newest that is whole among those made after <paramref name="lastStep"/> or an earlier step; its copies are made anew. Null where there is none. Collective.</summary>
    public CheckpointReader? OpenNewest(string job, ulong fingerprint, long lastStep)
    {
        InFlight?.Dispose();
        ulong identity = IdentityOf(job, fingerprint);
        List<string> lost = [];
        HeldParts heads = Gather(identity, check: 0);
        foreach (HeldPart checkpoint in heads.Newest(lastStep))
        {
            heads.Sources(checkpoint, out int[] missing);
            (int Holder, int Index)[] sources = missing.Length > 0 ? [] : Gather(identity, checkpoint.Number).Sources(checkpoint, out missing);
            if (missing.Length == 0)
            {
                Loss = lost.Count == 0 ? null : string.Join("; ", lost);
                return Deal(new(job, fingerprint, checkpoint.Step, checkpoint.Time), identity, checkpoint, sources);
            }
            lost.Add($"of the copies in memory after step {checkpoint.Step} nobody has the part of rank {string.Join(", ", missing)} of {checkpoint.Ranks} any more");
        }
        Loss = lost.Count == 0 ? null : string.Join("; ", lost);
        return null;
    }

    /// <inheritdoc/>
    public override void Clear() => Memory.Clear();

    private protected override CheckpointWriter Create(CheckpointHeader header) => new CopyWriter(this, header);

    /// <summary>Of the next checkpoint.</summary>
    internal ImageHead NextHead(CheckpointHeader header) => new()
    {
        Identity = IdentityOf(header.Job, header.Fingerprint), Number = Memory.LastNumber = ++lastNumber, Step = header.Step, Time = header.Time,
        Rank = Communicator.Rank, Ranks = Communicator.Size,
    };

    /// <summary>Starts to send this rank's image and to receive the one it keeps. Collective among those two.</summary>
    internal void StartCopies(int generation, Span<Request> transfers)
    {
        if (Communicator.Size == 1)
            return;
        (int holder, int kept) = (ring.HolderOf(Communicator.Rank), ring.KeptBy(Communicator.Rank));
        CheckpointImage own = Memory.Own(generation);
        sizeSent[0] = own.Bytes;
        Communicator.SendReceive<long>(sizeSent, holder, sizeReceived, kept, SizeTag, SizeTag);
        transfers[0] = Communicator.StartReceive(Memory.Copy(generation).MakeRoom(sizeReceived[0]), kept, ImageTag);
        transfers[1] = Communicator.StartSend<ulong>(own.Message, holder, ImageTag);
    }

    private static ulong IdentityOf(string job, ulong fingerprint) => XxHash64.Of(Encoding.UTF8.GetBytes(job), fingerprint);

    private CheckpointImage ImageAt(int index) => HeldParts.IsOwn(index) ? Memory.Own(index / 2) : Memory.Copy(index / 2);

    /// <summary>What all ranks have. Collective.</summary>
    /// <param name="check">The checkpoint whose parts count only when every byte is as it was.</param>
    private HeldParts Gather(ulong identity, long check)
    {
        HeldPart[] own = new HeldPart[HeldParts.PerRank], all = new HeldPart[HeldParts.PerRank * Communicator.Size];
        for (int i = 0; i < own.Length; i++)
            if (ImageAt(i) is var image && image.HasHead(identity) && (image.Head.Number != check || image.IsWhole()))
                own[i] = new(image.Head.Number, image.Head.Step, image.Head.Time, image.Head.Rank, image.Head.Ranks);
        Communicator.Allgather<HeldPart>(own, all);
        return new(all);
    }

    /// <summary>Deals the parts in equal shares and makes the copies of those: a checkpoint of the same state, as the ranks are now.</summary>
    private unsafe CopyReader Deal(CheckpointHeader header, ulong identity, HeldPart checkpoint, (int Holder, int Index)[] sources)
    {
        (int Holder, int Index)[] mine = [.. sources.Where(source => source.Holder == Communicator.Rank)];
        byte[] first = mine.Length > 0 ? ImageAt(mine[0].Index).Layout.ToArray() : [];
        SectionPlan plan = new(CheckpointLayout.From(Broadcast(first, sources[0].Holder)).Arrays, Communicator.Size);
        List<Run>[] runs = [.. plan.Arrays.Select(_ => new List<Run>())];
        foreach ((_, int index) in mine)
            CheckpointLayout.From(ImageAt(index).Layout.ToArray()).AddRuns((nint)ImageAt(index).Data, runs);

        // What is left of it stays as it is until the new one counts.
        int left = Enumerable.Range(0, HeldParts.PerRank).FirstOrDefault(index => ImageAt(index).HasHead(identity) && ImageAt(index).Head.Number == checkpoint.Number, -1);
        int generation = 1 - (left < 0 ? Memory.Newest : left / 2);
        CheckpointImage image = Memory.Own(generation);
        CheckpointLayout layout = CheckpointLayout.Of(plan, Communicator.Rank);
        AllAct(() => image.Begin(NextHead(header), layout.ToBytes(), layout.Bytes));
        for (int i = 0; i < runs.Length; i++)
            new Redistribution(Communicator, plan, i, runs[i], image.Data, mustCover: true).ToShares();
        image.CloseAll();
        Request[] transfers = new Request[2];
        StartCopies(generation, transfers);
        Request.WaitAll(transfers);
        Communicator.Barrier();
        Memory.Newest = generation;
        KnownLayout = 0;
        return new(Communicator, header, image.Head.Number, plan, image);
    }

    private byte[] Broadcast(byte[] bytes, int root)
    {
        int length = Communicator.Broadcast(bytes.Length, root);
        byte[] all = Communicator.Rank == root ? bytes : new byte[length];
        Communicator.Broadcast<byte>(all, root);
        return all;
    }
}
