using System.Diagnostics;
using SoraHpc.Communication;
using SoraHpc.Decomposition;
using SoraHpc.Diagnostics.Tracing;

namespace SoraHpc.Runtime;

/// <summary>Fills the halos of some fields, whatever their cells hold.</summary>
public abstract class HaloExchange : IDisposable
{
    private protected HaloExchange() { }

    /// <summary>Sets up the transfers for where the parts are now. Collective in the sense that neighbours must do the same.</summary>
    internal abstract void SetUp();

    /// <summary>Frees requests and messages; before the communicator.</summary>
    public abstract void Dispose();
}

/// <summary>
/// Fills the halos of some fields from their neighbours: one message per neighbouring rank carries all fields. Set up with
/// persistent requests, again when parts have moved; <see cref="Start"/> and <see cref="Finish"/> allocate nothing. Between the two, a job works on the
/// cells that need no halo, which hides the messages behind computation.
/// </summary>
/// <remarks>Every rank of the particle's communicator calls <see cref="Start"/> and <see cref="Finish"/> in turn, as often as its neighbours do, and where there are
/// several exchanges in the same order; ranks that are no neighbours do not wait for each other. Halo cells beyond the grid's edge, where it is not periodic,
/// stay as they were. Traffic: every halo cell is read and written once to pack and once to unpack, beside what the transport moves.</remarks>
public sealed unsafe class HaloExchange<T> : HaloExchange where T : unmanaged
{
    private const int Tag = 0;          // the communicator is the exchanges' own; their order tells them apart

    // A strided copy between a patch and a message, or between two patches of this rank; in elements.
    private readonly record struct Copy(nint From, long FromStep, nint To, long ToStep, int Count);

    private readonly Particle particle;
    private readonly List<AlignedBuffer<T>> messages = [];
    private readonly List<PersistentRequest> transfers = [];
    private readonly HaloShape shape;
    private readonly Field<T>[] fields;
    private Request[] requests = [];
    private Copy[] local = [], pack = [], unpack = [];

    internal HaloExchange(Particle particle, HaloShape shape, Field<T>[] fields)
    {
        (this.particle, this.shape, this.fields) = (particle, shape, fields);
        SetUp();
    }

    internal override void SetUp()
    {
        Discard();
        Communicator communicator = particle.Halos;
        ILookup<bool, HaloTransfer> byPlace = particle.PlanHalo(fields[0].HaloWidth, shape).ToLookup(t => RankOf(t.Source) == RankOf(t.Destination));
        local = [.. byPlace[true].SelectMany(Between)];
        List<Copy> packs = [], unpacks = [];
        foreach (IGrouping<int, HaloTransfer> neighbour in byPlace[false].GroupBy(Other).OrderBy(group => group.Key))
        {
            AlignedBuffer<T> outgoing = Message(neighbour.Where(t => RankOf(t.Source) == communicator.Rank), packs, outgoing: true);
            AlignedBuffer<T> incoming = Message(neighbour.Where(t => RankOf(t.Source) != communicator.Rank), unpacks, outgoing: false);
            transfers.Add(communicator.CreateReceive(incoming.Memory, neighbour.Key, Tag));
            transfers.Add(communicator.CreateSend<T>(outgoing.Memory, neighbour.Key, Tag));
        }
        (pack, unpack) = ([.. packs], [.. unpacks]);
        requests = new Request[transfers.Count];
        BytesPerExchange = messages.Sum(m => (long)m.Length) * sizeof(T);

        int RankOf(int part) => particle.Placement.RankOf(part);
        int Other(HaloTransfer t) => RankOf(t.Source) == communicator.Rank ? RankOf(t.Destination) : RankOf(t.Source);
    }

    /// <summary>What this rank sends and receives in one exchange, together [B].</summary>
    public long BytesPerExchange { get; private set; }

    /// <summary>Packs what the neighbours need and starts the messages; halos between two blocks of this rank are copied at once. Own cells may be read until
    /// <see cref="Finish"/>, not written; halo cells are not to be touched.</summary>
    public void Start()
    {
        TraceMark mark = particle.Halos.Tracer is { } tracer ? tracer.Begin(RankActivity.Send) : default;
        Run(pack);
        for (int i = 0; i < requests.Length; i++)
            requests[i] = transfers[i].Start();
        Run(local);
        particle.Halos.Tracer?.End(mark, RankActivity.Send, TraceEvent.NoPeer, BytesPerExchange / 2);
    }

    /// <summary>Waits for the messages, which counts as the particle's waiting, and fills the halos.</summary>
    public void Finish()
    {
        long begun = Stopwatch.GetTimestamp();
        Request.WaitAll(requests);
        particle.CountWait(begun);
        Run(unpack);
    }

    /// <summary><see cref="Start"/> and <see cref="Finish"/>, with nothing in between.</summary>
    public void Exchange()
    {
        Start();
        Finish();
    }

    private static void Run(Copy[] copies)
    {
        foreach (ref readonly Copy copy in copies.AsSpan())
        {
            T* from = (T*)copy.From, to = (T*)copy.To;
            if (copy.FromStep == 1 && copy.ToStep == 1)
                new ReadOnlySpan<T>(from, copy.Count).CopyTo(new Span<T>(to, copy.Count));
            else
                for (int n = 0; n < copy.Count; n++)
                    to[n * copy.ToStep] = from[n * copy.FromStep];
        }
    }

    private IEnumerable<Copy> Between(HaloTransfer transfer) =>
        from field in fields
        from run in transfer.Runs
        select CopyBetween(PatchOf(field, transfer.Source), PatchOf(field, transfer.Destination), run);

    private static Copy CopyBetween(Patch<T> source, Patch<T> destination, HaloRun run) => new(
        (nint)(source.Origin + source.OffsetOf(run.From)), Step(source, run.FromStep),
        (nint)(destination.Origin + destination.OffsetOf(run.To)), Step(destination, run.ToStep), run.Count);

    // One buffer for all transfers between this rank and one neighbour, in the plan's order, which is the same on both.
    private AlignedBuffer<T> Message(IEnumerable<HaloTransfer> transfersOfNeighbour, List<Copy> copies, bool outgoing)
    {
        HaloTransfer[] ordered = [.. transfersOfNeighbour];
        AlignedBuffer<T> message = new(fields.Length * ordered.Sum(t => t.Cells));
        messages.Add(message);
        T* at = message.Address;
        foreach (HaloTransfer transfer in ordered)
            foreach (Field<T> field in fields)
                foreach (HaloRun run in transfer.Runs)
                {
                    Patch<T> patch = PatchOf(field, outgoing ? transfer.Source : transfer.Destination);
                    nint cell = (nint)(patch.Origin + patch.OffsetOf(outgoing ? run.From : run.To));
                    long step = Step(patch, outgoing ? run.FromStep : run.ToStep);
                    copies.Add(outgoing ? new(cell, step, (nint)at, 1, run.Count) : new((nint)at, 1, cell, step, run.Count));
                    at += run.Count;
                }
        return message;
    }

    private static long Step(Patch<T> patch, Cell step) => step.Plane * patch.PlaneStride + step.Row * patch.RowStride + step.Column;

    private static Patch<T> PatchOf(Field<T> field, int part) => field.Patches.First(patch => patch.Part == part);

    private void Discard()
    {
        foreach (PersistentRequest transfer in transfers)
            transfer.Dispose();
        foreach (AlignedBuffer<T> message in messages)
            ((IDisposable)message).Dispose();
        transfers.Clear();
        messages.Clear();
    }

    /// <inheritdoc/>
    public override void Dispose() => Discard();
}
