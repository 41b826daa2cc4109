using System.Numerics;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.Learning.Blocks;
using SoraHpc.Learning.Models;
using SoraHpc.Learning.Training;

namespace SoraHpc.Learning.Explanations;

/// <summary>A data set that something is explained by, as its ranks hold it: consecutive strata on every rank.</summary>
/// <remarks>Sums go over the samples of a stratum, then over strata: the same bits on any number of ranks.</remarks>
public sealed class SampleShare<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Strata strata;
    private readonly int firstStratum, endStratum;
    private readonly long[] ends;                               // behind the last sample of every rank that has any, ascending
    private readonly int[] holders;                             // those ranks

    /// <summary>Collective.</summary>
    /// <param name="communicator">All ranks that have samples.</param>
    /// <param name="samples">A rank reads those of its own strata.</param>
    /// <param name="strata">How many strata the samples are dealt into.</param>
    /// <param name="firstStratum">First one of this rank.</param>
    /// <param name="endStratum">Behind its last one; equal to <paramref name="firstStratum"/> on a rank without any.</param>
    /// <exception cref="SoraException">A stratum belongs to no rank, or to two; on every rank.</exception>
    public SampleShare(Communicator communicator, ISamples<T> samples, int strata, int firstStratum, int endStratum)
    {
        (Communicator, Samples, this.firstStratum, this.endStratum) = (communicator, samples, firstStratum, endStratum);
        this.strata = new(samples.Count, strata, 1);
        int[] limits = new int[2 * communicator.Size];
        communicator.Allgather<int>([firstStratum, endStratum], limits);
        holders = [.. Enumerable.Range(0, communicator.Size).Where(rank => limits[2 * rank] < limits[2 * rank + 1]).OrderBy(rank => limits[2 * rank])];
        int reached = 0;
        foreach (int rank in holders)
            reached = limits[2 * rank] == reached ? limits[2 * rank + 1]
                : throw new SoraException($"rank {rank} has strata [{limits[2 * rank]}, {limits[2 * rank + 1]}) where {reached} is the next one: deal every stratum to one rank");
        if (reached != strata)
            throw new SoraException($"the ranks have {reached} of {strata} strata: deal every stratum to one rank");
        ends = [.. holders.Select(rank => this.strata.Begin(limits[2 * rank + 1]))];
    }

    /// <summary>All ranks that have samples.</summary>
    public Communicator Communicator { get; }

    /// <summary>The samples.</summary>
    public ISamples<T> Samples { get; }

    /// <summary>First sample of this rank.</summary>
    public long Begin => strata.Begin(firstStratum);

    /// <summary>Samples of this rank.</summary>
    public int Held => checked((int)(strata.Begin(endStratum) - Begin));

    /// <summary>Some samples, on every rank: whoever has one reads it, all others add 0. Collective.</summary>
    /// <param name="indices">In the whole data set; the same on every rank.</param>
    /// <returns>Samples × elements, and samples × targets.</returns>
    public (T[] Inputs, T[] Targets) Gather(IReadOnlyList<long> indices)
    {
        int elements = Samples.Shape.Elements;
        T[] inputs = new T[indices.Count * elements], targets = new T[indices.Count * Samples.Targets];
        for (int i = 0; i < indices.Count; i++)
            if (indices[i] >= Begin && indices[i] < Begin + Held)
                Samples.Read([indices[i]], inputs.AsSpan(i * elements, elements), targets.AsSpan(i * Samples.Targets, Samples.Targets));
        Communicator.Allreduce<T>(inputs, ReduceOperation.Sum);
        Communicator.Allreduce<T>(targets, ReduceOperation.Sum);
        return (inputs, targets);
    }

    /// <summary>What is done with a micro-batch of a stratum.</summary>
    internal delegate void Visitor(int stratum, in Pass pass, ReadOnlySpan<T> inputs, ReadOnlySpan<T> targets);

    /// <summary>The rank that has a sample.</summary>
    internal int RankOf(long sample)
    {
        int found = Array.BinarySearch(ends, sample + 1);
        return holders[found < 0 ? ~found : found];
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
