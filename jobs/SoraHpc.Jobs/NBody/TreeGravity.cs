using System.Diagnostics;
using SoraHpc.Communication;
using SoraHpc.Runtime;

namespace SoraHpc.Jobs.NBody;

/// <summary>
/// Accelerations of all bodies by the method of J. E. Barnes and P. Hut (Nature 324 (1986) 446–449). What acts on a body, and in which order, follows from the
/// tree of all bodies alone; who holds what decides only who computes it.
/// </summary>
internal sealed unsafe class TreeGravity : IDisposable
{
    // What a cell with moments, and a cell met in the walk, cost beside a body [interactions]; measured, for dealing alone.
    private const int CellCost = 2, VisitCost = 4;

    private readonly Particle particle;
    private readonly BodyDealer dealer;
    private readonly LocalTree tree;
    private readonly TopTree top;
    private readonly EssentialExchange exchange;
    private readonly InteractionList list;
    private readonly SourceRows bodies = new(4), results = new(4);
    private readonly double selfPotential, softeningSquared;
    private PieceSummary[] summaries = [], own = [];
    private int[] starts = [], ownStarts = [];
    private int visited;

    internal TreeGravity(Particle particle, NBodyOptions options, double[] capabilities)
    {
        this.particle = particle;
        (dealer, tree, top, exchange) = (new(particle, options, capabilities), new(options), new(options), new(particle));
        list = new(options.Expansion);
        softeningSquared = options.Softening * options.Softening;
        selfPotential = GravityKernel.InverseRoot(System.Runtime.Intrinsics.Vector512.Create(softeningSquared))[0];
    }

    /// <summary>Interactions computed so far on this rank: of a body with a body, or with a cell.</summary>
    internal double Interactions { get; private set; }

    /// <summary>Of the bodies in their order in the share: accelerations in rows 0 to 2, potentials in row 3.</summary>
    internal SourceRows Results => results;

    /// <summary>Deals the bodies anew, makes the tree and computes all accelerations. Collective.</summary>
    internal void Compute(BodyShare share)
    {
        long begun = Stopwatch.GetTimestamp();
        RootCube cube = RootCube.Around(share.Bodies, particle.Communicator, particle.Step);
        particle.CountWait(begun);
        dealer.Deal(share, cube);
        BuildTree(share, cube);
        exchange.Start(tree, share.Bodies, dealer, summaries, ownStarts);
        LoadBodies(share.Bodies);
        exchange.Finish(tree, bodies, dealer, summaries, starts);
        foreach (ref readonly LocalTree.Group group in tree.Groups)
            Pull(share.Bodies, group);
    }

    private void BuildTree(BodyShare share, RootCube cube)
    {
        (int first, int end) = (dealer.Cuts[particle.Rank], dealer.Cuts[particle.Rank + 1]);
        Array.Resize(ref summaries, dealer.Pieces.Length);
        Array.Resize(ref starts, dealer.Pieces.Length);
        Array.Resize(ref ownStarts, dealer.Pieces.Length);
        Array.Resize(ref own, end - first);
        Array.Fill(starts, -1);
        tree.Begin(share, cube);
        for (int piece = first, begin = 0; piece < end; piece++)
        {
            int next = begin + (int)dealer.Pieces[piece].Bodies;
            starts[piece] = ownStarts[piece] = tree.Build(dealer.Pieces[piece], begin, next);
            own[piece - first] = new PieceSummary { Cell = tree.Cells[starts[piece]], Box = tree.BoxOf(begin, next) };
            begin = next;
        }
        int[] counts = new int[particle.Communicator.Size];
        for (int rank = 0; rank < counts.Length; rank++)
            counts[rank] = dealer.Cuts[rank + 1] - dealer.Cuts[rank];
        long begun = Stopwatch.GetTimestamp();
        particle.Communicator.Allgatherv<PieceSummary>(own, summaries, counts);
        particle.CountWait(begun);
        top.Build(dealer.Pieces, summaries, cube);
    }

    private void LoadBodies(ReadOnlySpan<Body> own)
    {
        bodies.Count = results.Count = 0;
        bodies.Reserve(own.Length);
        results.Reserve(own.Length);
        double* x = bodies.Row(0), y = bodies.Row(1), z = bodies.Row(2), mass = bodies.Row(3);
        for (int i = 0; i < own.Length; i++)
            (x[i], y[i], z[i], mass[i]) = (own[i].X, own[i].Y, own[i].Z, own[i].Mass);
        bodies.Count = results.Count = own.Length;
    }

    private void Pull(Span<Body> share, in LocalTree.Group group)
    {
        Gather(group.Box);
        list.Complete();
        long interactions = list.Bodies + list.Cells, cost = list.Bodies + CellCost * list.Cells + VisitCost * visited / group.Count;
        Interactions += (double)interactions * group.Count;
        for (int i = group.First; i < group.First + group.Count; i++)
        {
            GravityKernel.Pull pull = list.PullOn(new(share[i].X, share[i].Y, share[i].Z), softeningSquared);
            results.Row(0)[i] = GravityKernel.SumOf(pull.X);
            results.Row(1)[i] = GravityKernel.SumOf(pull.Y);
            results.Row(2)[i] = GravityKernel.SumOf(pull.Z);
            results.Row(3)[i] = GravityKernel.SumOf(pull.Potential) + share[i].Mass * selfPotential;      // it was among its own sources
            share[i].Cost = cost;
        }
    }

    private void Gather(in Box box)
    {
        list.Clear();
        visited = 0;
        ReadOnlySpan<Cell> cells = top.Cells;
        ReadOnlySpan<int> pieceOf = top.PieceOf;
        for (int i = 0; i < cells.Length;)
        {
            visited++;
            ref readonly Cell cell = ref cells[i];
            if (!box.Opens(cell))
            {
                list.Add(cell);
                i += cell.Skip;
                continue;
            }
            if (pieceOf[i] is >= 0 and var piece)
            {
                visited--;                                  // it is met again as the first of its own cells
                GatherPiece(box, tree.Cells[(starts[piece] >= 0 ? starts[piece] : throw NotSent())..]);
            }
            i++;
        }
    }

    private void GatherPiece(in Box box, ReadOnlySpan<Cell> from)
    {
        int end = from[0].Skip;
        for (int i = 0; i < end;)
        {
            visited++;
            ref readonly Cell cell = ref from[i];
            if (!box.Opens(cell))
            {
                list.Add(cell);
                i += cell.Skip;
            }
            else if (cell.Bodies > 0)
            {
                list.Add(bodies, cell.FirstBody, cell.Bodies);
                i++;
            }
            else if (cell.Skip > 1)
                i++;
            else
                throw NotSent();
        }
    }

    private static InvalidOperationException NotSent() => new("a cell is opened whose contents were not sent: sender and receiver decided differently");

    /// <inheritdoc/>
    public void Dispose()
    {
        list.Dispose();
        bodies.Dispose();
        results.Dispose();
    }
}
