using System.Diagnostics;
using SoraHpc.Communication;
using SoraHpc.Runtime;

namespace SoraHpc.Jobs.NBody;

/// <summary>
/// Sends every rank the cells of this one that any of its bodies opens, and the bodies in those: its essential tree. Sender and receiver decide
/// by the same numbers which pieces travel, so only counts are told.
/// </summary>
/// <remarks>Source: J. K. Salmon, Parallel hierarchical N-body methods, thesis, California Institute of Technology (1991).</remarks>
internal sealed class EssentialExchange(Particle particle)
{
    // Boxes of this many pieces in a row are joined in one that is looked at first.
    private const int Joined = 8;

    private readonly Communicator communicator = particle.Communicator;
    private readonly int[] sentCounts = new int[2 * particle.Communicator.Size], gotCounts = new int[2 * particle.Communicator.Size];
    private readonly int[] cellsSent = new int[particle.Communicator.Size], bodiesSent = new int[particle.Communicator.Size];
    private readonly int[] cellsGot = new int[particle.Communicator.Size], bodiesGot = new int[particle.Communicator.Size];
    private Cell[] cells = [];
    private PointMass[] masses = [], incoming = [];
    private int cellCount, massCount;
    private Box[] joined = [];
    private Request cellsUnderWay, bodiesUnderWay;

    /// <summary>A body as others need it.</summary>
    internal struct PointMass
    {
        internal double X, Y, Z, Mass;
    }

    /// <summary>Starts sending what others open of <paramref name="tree"/>, and receiving behind its own cells. Collective.</summary>
    /// <param name="starts">Where every own piece is in the tree.</param>
    internal void Start(LocalTree tree, ReadOnlySpan<Body> bodies, BodyDealer dealer, ReadOnlySpan<PieceSummary> summaries, ReadOnlySpan<int> starts)
    {
        JoinBoxes(summaries);
        cellCount = massCount = 0;
        for (int rank = 0; rank < communicator.Size; rank++)
        {
            (int cellsBefore, int massesBefore) = (cellCount, massCount);
            if (rank != communicator.Rank)
                for (int piece = dealer.Cuts[communicator.Rank]; piece < dealer.Cuts[communicator.Rank + 1]; piece++)
                    if (Opens(dealer, summaries, rank, summaries[piece].Cell))
                        Emit(tree.Cells, bodies, dealer, summaries, rank, starts[piece], massesBefore);
            (sentCounts[2 * rank], sentCounts[2 * rank + 1]) = (cellsSent[rank], bodiesSent[rank]) = (cellCount - cellsBefore, massCount - massesBefore);
        }
        long begun = Stopwatch.GetTimestamp();
        communicator.Alltoall<int>(sentCounts, gotCounts);
        for (int rank = 0; rank < communicator.Size; rank++)
            (cellsGot[rank], bodiesGot[rank]) = (gotCounts[2 * rank], gotCounts[2 * rank + 1]);
        int masses = bodiesGot.Sum();
        if (incoming.Length < masses)
            incoming = new PointMass[masses + masses / 8];
        cellsUnderWay = communicator.StartAlltoallv<Cell>(cells.AsMemory(0, cellCount), cellsSent, tree.Append(cellsGot.Sum()), cellsGot);
        bodiesUnderWay = communicator.StartAlltoallv<PointMass>(this.masses.AsMemory(0, massCount), bodiesSent, incoming.AsMemory(0, masses), bodiesGot);
        particle.CountWait(begun);
    }

    /// <summary>Waits for what others sent, puts the bodies behind the own ones, and says where the pieces are that came.</summary>
    internal void Finish(LocalTree tree, SourceRows bodies, BodyDealer dealer, ReadOnlySpan<PieceSummary> summaries, Span<int> starts)
    {
        long begun = Stopwatch.GetTimestamp();
        cellsUnderWay.Wait();
        bodiesUnderWay.Wait();
        particle.CountWait(begun);
        Span<Cell> got = tree.Append(cellsGot.Sum()).Span;
        int at = 0, firstBody = bodies.Count;
        for (int rank = 0; rank < communicator.Size; rank++)
        {
            int end = at + cellsGot[rank];
            for (int i = at; i < end; i++)
                got[i].FirstBody += firstBody;
            if (rank != communicator.Rank)
                for (int piece = dealer.Cuts[rank]; piece < dealer.Cuts[rank + 1]; piece++)
                    if (Opens(dealer, summaries, communicator.Rank, summaries[piece].Cell))
                    {
                        starts[piece] = tree.Own + at;
                        at += got[at].Skip;
                    }
            Debug.Assert(at == end);
            firstBody += bodiesGot[rank];
        }
        AppendBodies(bodies, firstBody);
    }

    private unsafe void AppendBodies(SourceRows bodies, int end)
    {
        bodies.Reserve(end);
        double* x = bodies.Row(0), y = bodies.Row(1), z = bodies.Row(2), mass = bodies.Row(3);
        for (int i = bodies.Count, from = 0; i < end; i++, from++)
            (x[i], y[i], z[i], mass[i]) = (incoming[from].X, incoming[from].Y, incoming[from].Z, incoming[from].Mass);
        bodies.Count = end;
    }

    // What the other rank will not open goes without its contents.
    private void Emit(ReadOnlySpan<Cell> tree, ReadOnlySpan<Body> bodies, BodyDealer dealer, ReadOnlySpan<PieceSummary> summaries, int rank, int from, int firstMass)
    {
        if (cellCount == cells.Length)
            Array.Resize(ref cells, Math.Max(256, 2 * cells.Length));
        int at = cellCount++;
        ref readonly Cell cell = ref tree[from];
        cells[at] = cell with { Skip = 1, Bodies = 0, FirstBody = 0 };
        if (!Opens(dealer, summaries, rank, cell))
            return;
        if (cell.Bodies > 0)
        {
            (cells[at].Bodies, cells[at].FirstBody) = (cell.Bodies, massCount - firstMass);
            EmitBodies(bodies.Slice(cell.FirstBody, cell.Bodies));
            return;
        }
        for (int part = from + 1; part < from + cell.Skip; part += tree[part].Skip)
            Emit(tree, bodies, dealer, summaries, rank, part, firstMass);
        cells[at].Skip = cellCount - at;
    }

    private void EmitBodies(ReadOnlySpan<Body> bodies)
    {
        if (massCount + bodies.Length > masses.Length)
            Array.Resize(ref masses, Math.Max(massCount + bodies.Length, 2 * masses.Length));
        foreach (ref readonly Body body in bodies)
            masses[massCount++] = new PointMass { X = body.X, Y = body.Y, Z = body.Z, Mass = body.Mass };
    }

    private void JoinBoxes(ReadOnlySpan<PieceSummary> summaries)
    {
        int count = (summaries.Length + Joined - 1) / Joined;
        if (joined.Length < count)
            joined = new Box[count];
        joined.AsSpan(0, count).Fill(Box.Empty);
        for (int piece = 0; piece < summaries.Length; piece++)
            joined[piece / Joined].Include(summaries[piece].Box);
    }

    // A joined box may reach beyond the rank's own pieces: then it only decides less.
    private bool Opens(BodyDealer dealer, ReadOnlySpan<PieceSummary> summaries, int rank, in Cell cell)
    {
        int end = dealer.Cuts[rank + 1];
        for (int piece = dealer.Cuts[rank]; piece < end;)
        {
            int next = Math.Min(end, (piece / Joined + 1) * Joined);
            if (joined[piece / Joined].Opens(cell))
                for (; piece < next; piece++)
                    if (summaries[piece].Box.Opens(cell))
                        return true;
            piece = next;
        }
        return false;
    }
}
