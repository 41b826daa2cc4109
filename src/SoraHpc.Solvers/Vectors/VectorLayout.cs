using SoraHpc.Communication;
using SoraHpc.Diagnostics;

namespace SoraHpc.Solvers.Vectors;

/// <summary>Which rows of a distributed vector belong to which rank: consecutive ranges, ranks in order. A range may be empty.</summary>
public sealed class VectorLayout
{
    private readonly long[] begins;

    /// <summary>A layout from each rank's own number of rows. Collective.</summary>
    /// <param name="localLength">Rows of this rank, ≥ 0.</param>
    public VectorLayout(Communicator communicator, int localLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(localLength);
        (Communicator, LocalLength) = (communicator, localLength);
        long[] lengths = communicator.Allgather((long)localLength);
        begins = new long[communicator.Size + 1];
        for (int rank = 0; rank < communicator.Size; rank++)
            begins[rank + 1] = begins[rank] + lengths[rank];
    }

    /// <summary>Shares that differ by at most one row. Collective.</summary>
    /// <param name="length">Rows on all ranks together, ≥ 0.</param>
    /// <exception cref="UsageException">A rank's share is longer than 2³¹ − 1 rows.</exception>
    public static VectorLayout Even(Communicator communicator, long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        long share = length / communicator.Size + (communicator.Rank < length % communicator.Size ? 1 : 0);
        return share <= int.MaxValue - 64 ? new(communicator, (int)share)
            : throw new UsageException($"{length} rows on {communicator.Size} ranks are {share} each, at most {int.MaxValue - 64} fit: use more ranks");
    }

    /// <summary>The ranks that share the rows.</summary>
    public Communicator Communicator { get; }

    /// <summary>Rows on all ranks together.</summary>
    public long Length => begins[^1];

    /// <summary>Rows of this rank.</summary>
    public int LocalLength { get; }

    /// <summary>This rank's first row.</summary>
    public long Begin => begins[Communicator.Rank];

    /// <summary>The first row of a rank; of Size, the number of rows.</summary>
    public long BeginOf(int rank) => begins[rank];

    /// <summary>The rank that holds a row in [0, <see cref="Length"/>).</summary>
    public int RankOf(long row)
    {
        int at = Array.BinarySearch(begins, row);
        if (at < 0)
            return ~at - 1;
        while (begins[at + 1] == row)           // ranks without rows begin where the next begins
            at++;
        return at;
    }

    /// <summary>Whether two layouts give every rank the same rows; the same answer on every rank.</summary>
    public bool Fits(VectorLayout other) => ReferenceEquals(this, other) || begins.AsSpan().SequenceEqual(other.begins);
}
