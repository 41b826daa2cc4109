using SoraHpc.Communication;
using SoraHpc.Communication.Reductions;
using SoraHpc.Decomposition;

namespace SoraHpc.Jobs.Npb.Ep;

/// <summary>
/// Embarrassingly parallel: pairs of uniform numbers in the square, those in the unit circle made pairs of Gaussian ones, summed and
/// counted by annulus. Ranks share the batches evenly and meet once, at the end.
/// </summary>
/// <remarks>The sums of batches are added exactly, so they have the same bits on any number of ranks. Source: RNR-94-007, section 2.2.</remarks>
public sealed class EpKernel : INpbKernel
{
    private const int LogBatch = 16;

    /// <inheritdoc/>
    public string Name => "EP";

    /// <inheritdoc/>
    public string? Refusal(NpbClass problem, int ranks) => ranks <= Batches(EpProblem.Of(problem)) ? null
        : $"EP class {problem} has work for up to {Batches(EpProblem.Of(problem))} ranks, not for {ranks}";

    /// <inheritdoc/>
    public long BytesPerRank(NpbClass problem, int ranks) => 1 << LogBatch;

    /// <inheritdoc/>
    public NpbResult Run(Communicator world, NpbClass problem)
    {
        EpProblem sizes = EpProblem.Of(problem);
        EpTally untimed = default;
        AddBatch(NpbRandom.EpSeed, ref untimed);
        ExactSum sumX = new(), sumY = new();
        Span<long> counts = stackalloc long[EpTally.Annuli.Length];

        NpbClock clock = NpbClock.Start(world);
        AddOwnBatches(world, sizes, sumX, sumY, counts);
        world.Allreduce(counts, ReduceOperation.Sum);
        double x = sumX.Allreduce(world), y = sumY.Allreduce(world);
        double seconds = clock.Stop();

        return new(Name, problem, $"2^{sizes.LogPairs + 1} random numbers", 0, world.Size, seconds, 2.0 * (1L << sizes.LogPairs), Check(sizes, x, y, counts));
    }

    private static void AddOwnBatches(Communicator world, EpProblem sizes, ExactSum sumX, ExactSum sumY, Span<long> counts)
    {
        (long begin, long end) = EvenCut.Of(Batches(sizes), world.Size, world.Rank);
        ulong stride = NpbRandom.Power(NpbRandom.Multiplier, 2UL << LogBatch);
        NpbRandom starts = new(NpbRandom.EpSeed, stride);
        starts.Skip((ulong)begin);
        for (long batch = begin; batch < end; batch++, starts.Next())
        {
            EpTally tally = default;
            AddBatch(starts.State, ref tally);
            sumX.Add(tally.SumX);
            sumY.Add(tally.SumY);
            for (int annulus = 0; annulus < counts.Length; annulus++)
                counts[annulus] += tally.Counts[annulus];
        }
    }

    private static void AddBatch(ulong state, ref EpTally tally)
    {
        if (EpVectors.IsSupported)
            EpVectors.Add(state, 1 << LogBatch, ref tally);
        else
            EpReference.Add(state, 1 << LogBatch, ref tally);
    }

    private static NpbQuantity[] Check(EpProblem sizes, double x, double y, ReadOnlySpan<long> counts)
    {
        List<NpbQuantity> quantities = [new("sum of X", x, sizes.SumX, 1e-8), new("sum of Y", y, sizes.SumY, 1e-8)];
        long accepted = 0;
        foreach (long count in counts)
            accepted += count;
        quantities.Add(new("Gaussian pairs", accepted, sizes.Accepted, 0));
        for (int annulus = 0; annulus < sizes.Counts.Length; annulus++)
            quantities.Add(new($"pairs in annulus {annulus}", counts[annulus], sizes.Counts[annulus], 0));
        return [.. quantities];
    }

    private static long Batches(EpProblem sizes) => 1L << sizes.LogPairs - LogBatch;
}
