using System.Diagnostics;
using System.Text;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.Diagnostics.Pictures;
using SoraHpc.Learning.Regression;
using SoraHpc.Learning.Training;
using SoraHpc.Runtime;

namespace SoraHpc.Jobs.Training;

/// <summary>Which items to recommend, learnt from what users did: events partitioned by user, aggregated, logistic regression of what is bought next, and the most
/// probable items of every user. The same bits on any number of ranks.</summary>
public static class BehaviourJob
{
    private const ulong Seed = 1;

    /// <summary>The whole job on every rank of a world; hit rates and coefficients are among the observables of the result. Collective.</summary>
    /// <exception cref="UsageException">More ranks than strata, or checkpoints, which are for the digits.</exception>
    public static RunResult Run(Communicator world, BehaviourOptions options, SoraOptions? soraOptions = null)
    {
        if (soraOptions?.Checkpoints is not null)
            throw new UsageException("a regression of behaviour takes seconds: no checkpoints are written of it; leave --checkpoint away");
        _ = new TrainingSource(options.Strata).Open(world);
        long begun = Stopwatch.GetTimestamp();
        long[] purchases = PurchasesOf(world, options);
        BehaviourFeatures features = new(purchases);
        LinearFit fit = LogisticRegression.Fit(world, OwnSamples(world, options, features), options.Penalty, options.Strata);
        (int[] recommended, long hits, long popularHits) = Recommend(world, options, features, fit.Coefficients, purchases);
        Dictionary<string, double> found = new()
        {
            [$"bought item among {options.Top} recommended"] = (double)hits / options.TestUsers,
            [$"bought item among the {options.Top} most bought"] = (double)popularHits / options.TestUsers,
            [$"by chance"] = (double)options.Top / BehaviourTable.Items,
            ["intercept"] = fit.Coefficients[0],
        };
        for (int i = 0; i < BehaviourFeatures.Names.Count; i++)
            found[$"coefficient: {BehaviourFeatures.Names[i]}"] = fit.Coefficients[i + 1];
        if (world.IsRoot)
            Leave(options, recommended, fit.Coefficients);
        RankReport[] reports = [.. Enumerable.Range(0, world.IsRoot ? world.Size : 0).Select(rank => new RankReport(rank, 0, 0, 0, 0, 0, 0, double.NaN))];
        return new("training", $"behaviour of {options.Users} made users, {options.TestUsers} to be judged by; {BehaviourTable.Items} items", 1,
            Stopwatch.GetElapsedTime(begun).TotalSeconds, found, reports);
    }

    // Whole numbers: their sum is exact in any order.
    private static long[] PurchasesOf(Communicator world, BehaviourOptions options)
    {
        long[] purchases = new long[BehaviourTable.Items];
        (long begin, long end) = Own(world, options.Users);
        for (long user = begin; user < end; user++)
            foreach (UserEvent each in BehaviourTable.Of(user, Seed).Events)
                purchases[each.Item] += each.Kind == EventKind.Purchase ? 1 : 0;
        world.Allreduce<long>(purchases, ReduceOperation.Sum);
        return purchases;
    }

    // Newton's method reads them several times: rows of features are kept.
    private static SampleTable<double> OwnSamples(Communicator world, BehaviourOptions options, BehaviourFeatures features)
    {
        BehaviourSamples samples = new(features, options.Users, Seed);
        Strata strata = new(samples.Count, options.Strata, 1);
        int[] owners = Trainer<double>.EvenOwners(options.Strata, world.Size);
        long begin = strata.Begin(Array.IndexOf(owners, world.Rank)), end = strata.Begin(Array.LastIndexOf(owners, world.Rank) + 1);
        double[] rows = new double[(end - begin) * samples.Shape.Elements], bought = new double[end - begin];
        samples.Read([.. Enumerable.Range(0, bought.Length).Select(i => begin + i)], rows, bought);
        return new(samples.Shape, rows, bought, begin, samples.Count);
    }

    private static (int[] Recommended, long Hits, long PopularHits) Recommend(Communicator world, BehaviourOptions options, BehaviourFeatures features, double[] coefficients, long[] purchases)
    {
        int[] popular = [.. Enumerable.Range(0, BehaviourTable.Items).OrderByDescending(item => purchases[item]).Take(options.Top)];
        (long begin, long end) = Own(world, options.TestUsers);
        List<int> own = [];
        long[] hits = new long[2];
        double[] score = new double[BehaviourTable.Items], row = new double[BehaviourFeatures.Names.Count];
        for (long user = options.Users + begin; user < options.Users + end; user++)
        {
            (UserEvent[] events, int next) = BehaviourTable.Of(user, Seed);
            features.Aggregate(events);
            for (int item = 0; item < score.Length; item++)
            {
                features.Write(item, row);
                score[item] = coefficients[0];
                for (int i = 0; i < row.Length; i++)
                    score[item] += coefficients[i + 1] * row[i];
            }
            int[] best = [.. Enumerable.Range(0, score.Length).OrderByDescending(item => score[item]).Take(options.Top)];
            own.AddRange(best);
            hits[0] += best.Contains(next) ? 1 : 0;
            hits[1] += popular.Contains(next) ? 1 : 0;
        }
        world.Allreduce<long>(hits, ReduceOperation.Sum);
        return (world.Gatherv<int>(own.ToArray()), hits[0], hits[1]);
    }

    private static void Leave(BehaviourOptions options, int[] recommended, double[] coefficients)
    {
        if (options.Output is not null)
        {
            StringBuilder lines = new();
            foreach (int[] items in recommended.Chunk(options.Top))
                lines.Append(string.Join(',', items)).Append('\n');
            TrainingPictures.Write(options.Output, lines.ToString());
        }
        if (options.Picture is not null)
            TrainingPictures.Write(options.Picture, BarChart.Draw([.. BehaviourFeatures.Names.Select((name, i) => (name, coefficients[i + 1]))], "What makes users buy",
                $"logistic regression of {options.Users} users' next purchases", "change of log-odds for one unit of the feature"));
    }

    private static (long, long) Own(Communicator world, long users) => (users * world.Rank / world.Size, users * (world.Rank + 1) / world.Size);
}
