using SoraHpc.Communication;
using SoraHpc.Solvers.Vectors;

namespace SoraHpc.Solvers.Operators;

/// <summary>The elements of a vector that this rank's rows need and other ranks hold: found out once, fetched for every product with
/// persistent requests, without an allocation.</summary>
internal sealed unsafe class RemoteElements : IDisposable
{
    private const int Tag = 9;          // after the nine sides of a grid's halo

    private readonly VectorLayout layout;
    private readonly long[] needed;             // global rows, ascending: so ordered by the rank that holds them
    private readonly int[] given;               // local rows others need, ordered by who needs them
    private readonly AlignedBuffer<double> incoming, outgoing;
    private readonly List<PersistentRequest> transfers = [];
    private readonly Request[] requests;

    /// <param name="columns">Global columns of this rank's entries. Collective.</param>
    internal RemoteElements(VectorLayout layout, long[] columns)
    {
        this.layout = layout;
        Communicator communicator = layout.Communicator;
        needed = [.. columns.Where(column => column < layout.Begin || column >= layout.Begin + layout.LocalLength).Distinct().Order()];
        int[] fromEach = new int[communicator.Size], toEach = new int[communicator.Size];
        foreach (long column in needed)
            fromEach[layout.RankOf(column)]++;
        communicator.Alltoall<int>(fromEach, toEach);
        long[] asked = new long[toEach.Sum()];
        communicator.Alltoallv<long>(needed, fromEach, asked, toEach);
        given = [.. asked.Select(row => (int)(row - layout.Begin))];
        (incoming, outgoing) = (new(needed.Length), new(given.Length));
        for (int rank = 0, from = 0, to = 0; rank < communicator.Size; from += fromEach[rank], to += toEach[rank], rank++)
        {
            if (fromEach[rank] > 0)
                transfers.Add(communicator.CreateReceive(incoming.Memory.Slice(from, fromEach[rank]), rank, Tag));
            if (toEach[rank] > 0)
                transfers.Add(communicator.CreateSend<double>(outgoing.Memory.Slice(to, toEach[rank]), rank, Tag));
        }
        requests = new Request[transfers.Count];
    }

    /// <summary>The elements, in the order of their columns.</summary>
    internal double* Address => incoming.Address;

    /// <summary>A column's place: below the number of local rows in this rank's own, from there on in what is fetched.</summary>
    internal int LocalIndexOf(long column) => column >= layout.Begin && column < layout.Begin + layout.LocalLength
        ? (int)(column - layout.Begin) : layout.LocalLength + Array.BinarySearch(needed, column);

    internal void Start(DistributedVector x)
    {
        double* from = x.Address, to = outgoing.Address;
        for (int i = 0; i < given.Length; i++)
            to[i] = from[given[i]];
        for (int i = 0; i < requests.Length; i++)
            requests[i] = transfers[i].Start();
    }

    internal void Finish() => Request.WaitAll(requests);

    /// <summary>Frees requests and messages; none may be under way.</summary>
    public void Dispose()
    {
        foreach (PersistentRequest transfer in transfers)
            transfer.Dispose();
        ((IDisposable)incoming).Dispose();
        ((IDisposable)outgoing).Dispose();
    }
}
