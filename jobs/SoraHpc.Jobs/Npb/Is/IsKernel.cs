using SoraHpc.Communication;

namespace SoraHpc.Jobs.Npb.Is;

/// <summary>Integer sort: the rank every key would have in order, ten times, with two keys changed before each.</summary>
/// <remarks>Source: RNR-94-007, section 2.7. The timed section ranks; putting the keys in order afterwards is the check.</remarks>
public sealed class IsKernel : INpbKernel
{
    // The first rank holds the twenty keys that are changed.
    private const int FewestKeys = 32;

    /// <inheritdoc/>
    public string Name => "IS";

    /// <inheritdoc/>
    public string? Refusal(NpbClass problem, int ranks) => IsProblem.Of(problem).Keys / ranks >= FewestKeys ? null
        : $"IS class {problem} runs on up to {IsProblem.Of(problem).Keys / FewestKeys} ranks, not on {ranks}";

    /// <inheritdoc/>
    public long BytesPerRank(NpbClass problem, int ranks)
    {
        IsProblem sizes = IsProblem.Of(problem);
        // The keys, and for the check the keys by owner, received, in order and marked; the counters, the table and its copy, and a slice of it.
        return 17L * (sizes.Keys / ranks + 1) + sizes.Largest + sizeof(int) * (2L * sizes.Largest + sizes.Largest / ranks);
    }

    /// <inheritdoc/>
    public NpbResult Run(Communicator world, NpbClass problem)
    {
        IsProblem sizes = IsProblem.Of(problem);
        (long first, long end) = EvenCut.Of(sizes.Keys, world.Size, world.Rank);
        using AlignedBuffer<int> share = new((int)(end - first));
        using IsRanking ranking = new(world, sizes);
        IsKeys.Fill(sizes, first, share.GetSpan());
        int right = 0;
        Iterate(world, sizes, ranking, share.GetSpan(), first, 1, ref right);

        right = 0;
        NpbClock clock = NpbClock.Start(world);
        for (int iteration = 1; iteration <= IsProblem.Iterations; iteration++)
            Iterate(world, sizes, ranking, share.GetSpan(), first, iteration, ref right);
        double seconds = clock.Stop();

        NpbQuantity[] quantities =
        [
            new("ranks of the test keys that are right", right, sizes.TestIndex.Length * IsProblem.Iterations, 0),
            new("keys out of order when sorted by rank", IsSort.Misplaced(world, sizes, share.GetSpan(), ranking.Smaller), 0, 0),
        ];
        return new(Name, problem, $"2^{sizes.LogKeys} keys below 2^{sizes.LogLargest}", IsProblem.Iterations, world.Size, seconds, (double)IsProblem.Iterations * sizes.Keys, quantities);
    }

    private static void Iterate(Communicator world, IsProblem sizes, IsRanking ranking, Span<int> keys, long first, int iteration, ref int right)
    {
        IsKeys.Alter(sizes, iteration, first, keys);
        Span<int> tested = stackalloc int[sizes.TestIndex.Length];
        for (int i = 0; i < tested.Length; i++)
            tested[i] = sizes.TestIndex[i] - first is >= 0 and var place && place < keys.Length ? keys[(int)place] : 0;
        world.Allreduce(tested, ReduceOperation.Max);
        ranking.Rank(keys);
        for (int i = 0; i < tested.Length; i++)
            right += ranking.Smaller[tested[i]] == sizes.TestRank[i] + sizes.Shift(i, iteration) ? 1 : 0;
    }
}
