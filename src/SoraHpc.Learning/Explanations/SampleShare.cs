using System.Numerics;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.Learning.Blocks;
using SoraHpc.Learning.Models;
using SoraHpc.Learning.Training;

namespace SoraHpc.Learning.Explanations;

/// <summary>A data set that something is explained by, as its ranks hold it: consecutive strata on every rank, in the order of the ranks.</summary>
/// <remarks>Sums go over the samples of a stratum, then over strata: the same bits on any number of ranks.</remarks>
public sealed class SampleShare<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Strata strata;
    private readonly int firstStratum, endStratum;
    private readonly long[] begins;                             // first sample of every rank, and the end of the last

    /// <summary>Collective.</summary>
    /// <param name="communicator">All ranks that have samples.</param>
    /// <param name="samples">A rank reads those of its own strata.</param>
    /// <param name="strata">How many strata the samples are dealt into.</param>
    /// <param name="firstStratum">First one of this rank.</param>
    /// <param name="endStratum">Behind its last one; equal to <paramref name="firstStratum"/> on a rank without any.</param>
    /// <exception cref="SoraException">Ranks do not have consecutive strata, in their order, all of them.</exception>
    public SampleShare(Communicator communicator, ISamples<T> samples, int strata, int firstStratum, int endStratum)
    {
        (Communicator, Samples, this.firstStratum, this.endStratum) = (communicator, samples, firstStratum, endStratum);
        this.strata = new(samples.Count, strata, 1);
        int[] limits = new int[2 * communicator.Size];
        communicator.Allgather<int>([firstStratum, endStratum], limits);
        begins = new long[communicator.Size + 1];
        int reached = 0;
        for (int rank = 0; rank < communicator.Size; rank++)
        {
            (int first, int end) = (limits[2 * rank], limits[2 * rank + 1]);
            if (end < first || end > first && first != reached)
                throw new SoraException($"rank {rank} has strata [{first}, {end}) where {reached} is the next one: deal consecutive strata in the order of the ranks");
            reached = end > first ? end : reached;
            begins[rank + 1] = this.strata.Begin(reached);
        }
        if (reached != strata)
            throw new SoraException($"the ranks have {reached} of {strata} strata: deal all of them");
    }

    /// <summary>All ranks that have samples.</summary>
    public Communicator Communicator { get; }

    /// <summary>The samples.</summary>
    public ISamples<T> Samples { get; }

    /// <summary>First sample of this rank.</summary>
    public long Begin => begins[Communicator.Rank];

    /// <summary>Samples of this rank.</summary>
    public int Held => checked((int)(begins[Communicator.Rank + 1] - Begin));

    /// <summary>What is done with a micro-batch of a stratum.</summary>
    internal delegate void Visitor(int stratum, in Pass pass, ReadOnlySpan<T> inputs, ReadOnlySpan<T> targets);

    /// <summary>The rank that has a sample.</summary>
    internal int RankOf(long sample)
    {
        int low = 0, high = Communicator.Size - 1;              // the last rank that begins at or before it: ranks without samples begin where the next one does
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            (low, high) = begins[middle] <= sample ? (middle, high) : (low, middle - 1);
        }
        return low;
    }

    /// <summary>Goes through this rank's samples, stratum by stratum in micro-batches: the same ones on any number of ranks. Local.</summary>
    /// <param name="capacity">Samples of the largest micro-batch.</param>
    /// <param name="visit">Called for each.</param>
    internal void Visit(int capacity, Visitor visit)
    {
        int elements = Samples.Shape.Elements;
        T[] inputs = new T[capacity * elements], targets = new T[capacity * Samples.Targets];
        long[] indices = new long[capacity];
        for (int stratum = firstStratum; stratum < endStratum; stratum++)
            for (long begin = strata.Begin(stratum); begin < strata.Begin(stratum + 1); begin += capacity)
            {
                int count = (int)Math.Min(capacity, strata.Begin(stratum + 1) - begin);
                for (int i = 0; i < count; i++)
                    indices[i] = begin + i;
                Samples.Read(indices.AsSpan(0, count), inputs.AsSpan(0, count * elements), targets.AsSpan(0, count * Samples.Targets));
                visit(stratum, new Pass(indices.AsSpan(0, count), isTraining: false), inputs.AsSpan(0, count * elements), targets.AsSpan(0, count * Samples.Targets));
            }
    }

    /// <summary>Sums of all strata, in their order. Collective.</summary>
    /// <param name="ofStrata">Strata × numbers: this rank's own, and 0 for others.</param>
    internal double[] Total(double[] ofStrata)
    {
        Communicator.Allreduce<double>(ofStrata, ReduceOperation.Sum);      // all but one are 0: exact
        double[] total = new double[ofStrata.Length / strata.Count];
        for (int begin = 0; begin < ofStrata.Length; begin += total.Length)
            Elementwise.Add(total, ofStrata.AsSpan(begin, total.Length));
        return total;
    }

    /// <summary>Room for <see cref="Total"/> of so many numbers.</summary>
    internal double[] Zeros(int numbers) => new double[checked(strata.Count * numbers)];

    /// <summary>Refuses a network for other samples. Local; the same on every rank.</summary>
    internal void Check(Network<T> network)
    {
        if (!Samples.Shape.Equals(network.Model.Input))
            throw new UsageException($"samples are {Samples.Shape}, and the model takes {network.Model.Input}");
    }
}
