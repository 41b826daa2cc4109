using System.Text;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.Diagnostics.Pictures;
using SoraHpc.Learning.Blocks;
using SoraHpc.Learning.Explanations;
using SoraHpc.Learning.Models;
using SoraHpc.Learning.Regression;
using SoraHpc.Learning.Training;
using SoraHpc.LinearAlgebra;
using SoraHpc.Runtime;
using SoraHpc.Runtime.Resilience;
using SoraHpc.Storage.Checkpoints;

namespace SoraHpc.Jobs.Training;

/// <summary>Which items to recommend, learnt from what users did: events partitioned by user, aggregated, logistic regression of what is bought next, and the most
/// probable items of every user. A step is one of Newton's method. The same bits on any number of ranks.</summary>
public sealed class BehaviourJob : ICheckpointedJob
{
    private const ulong Seed = 1;
    private const int Repeats = 5, MicroBatch = 64;

    private readonly BehaviourOptions options;
    private readonly ExplanationFiles? explanations;
    private readonly Dictionary<string, double> found = [];
    private long[] purchases = [];
    private BehaviourFeatures features = null!;
    private SampleTable<double> samples = null!;
    private (int[] Owners, int First, int End) strata;
    private LogisticRegression regression = null!;
    private string unexplained = "";

    private BehaviourJob(BehaviourOptions options, ExplanationFiles? explanations) => (this.options, this.explanations) = (options, explanations);

    /// <inheritdoc/>
    public string Name => "training";

    /// <inheritdoc/>
    public bool IsDone => regression.IsDone;

    /// <inheritdoc/>
    public ulong Fingerprint => ResultFingerprint.Of("behaviour", options.Users, options.Penalty, options.Strata, Seed);

    /// <summary>Nobody knows how many steps there will be: half of what is left, for each.</summary>
    public JobProgress Progress => new(IsDone ? 1 : 1 - Math.Pow(0.5, regression.Steps), FormattableString.Invariant($"step {regression.Steps} of Newton's method"));

    /// <summary>The whole job on every rank of a world; hit rates and coefficients are among the observables of the result. Collective.</summary>
    /// <exception cref="UsageException">More ranks than strata.</exception>
    public static RunResult Run(Communicator world, BehaviourOptions options, SoraOptions? soraOptions = null)
    {
        BehaviourJob job = new(options, ExplanationFiles.At(options.Explain, world));
        RunResult result = options.Over(options.Strata, soraOptions).Run(world, job);
        return result with
        {
            Choices = $"behaviour of {options.Users} made users, {options.TestUsers} to be judged by; {MadeShop.Items} items; {result.Choices}",
            Observables = job.found,
            Table = job.unexplained,
            WorkUnit = "samples",
            Quality = null,                                     // no halo is exchanged
        };
    }

    /// <inheritdoc/>
    public void Prepare(Particle particle)
    {
        strata = TrainingSource.SharesOf(particle, Name);
        purchases = PurchasesOf(particle.Communicator);
        features = new(purchases);
        samples = OwnSamples();
        regression = RegressionWith(particle.Communicator, options.Penalty);
        particle.WorkPerStep = samples.Held;
    }

    /// <inheritdoc/>
    public void Step(Particle particle) => regression.TakeStep();

    /// <summary>Nothing: what is followed is the same on every rank already.</summary>
    public void Observe(Particle particle, Observables observables) { }

    /// <inheritdoc/>
    public void Save(Particle particle, CheckpointWriter checkpoint)
    {
        checkpoint.AddShared<double>("coefficients", regression.Coefficients);
        checkpoint.AddShared<int>("steps", [regression.Steps]);
    }

    /// <inheritdoc/>
    public void Restore(Particle particle, CheckpointReader checkpoint) =>
        regression.Resume(checkpoint.ReadShared<double>("coefficients"), checkpoint.ReadShared<int>("steps")[0]);

    /// <inheritdoc/>
    public void Finish(Particle particle)
    {
        Communicator ranks = particle.Communicator;
        double[] coefficients = regression.Coefficients;
        (int[] recommended, long hits, long popularHits) = Recommend(ranks, coefficients);
        found[$"bought item among {options.Top} recommended"] = (double)hits / options.TestUsers;
        found[$"bought item among the {options.Top} most bought"] = (double)popularHits / options.TestUsers;
        found["by chance"] = (double)options.Top / MadeShop.Items;
        found["intercept"] = coefficients[0];
        for (int i = 0; i < BehaviourFeatures.Names.Count; i++)
            found[$"coefficient: {BehaviourFeatures.Names[i]}"] = coefficients[i + 1];
        if (ranks.IsRoot)
            Leave(recommended, coefficients);
        if (explanations is not null)
            Explain(explanations, ranks);
    }

    private LogisticRegression RegressionWith(Communicator communicator, double penalty) =>
        new(communicator, samples, penalty, new Strata(samples.Count, options.Strata, 1), strata.First, strata.End);

    // Whole numbers: their sum is exact in any order.
    private long[] PurchasesOf(Communicator ranks)
    {
        long[] sums = new long[MadeShop.Items];
        (long begin, long end) = Own(ranks, options.Users);
        for (long user = begin; user < end; user++)
            foreach (UserEvent each in MadeShop.EventsOf(user, Seed).Events)
                sums[each.Item] += each.Kind == EventKind.Purchase ? 1 : 0;
        ranks.Allreduce<long>(sums, ReduceOperation.Sum);
        return sums;
    }

    // Newton's method reads them several times: rows of features are kept.
    private SampleTable<double> OwnSamples()
    {
        BehaviourSamples all = new(features, options.Users, Seed);
        Strata cut = new(all.Count, options.Strata, 1);
        long begin = cut.Begin(strata.First), end = cut.Begin(strata.End);
        double[] rows = new double[(end - begin) * all.Shape.Elements], bought = new double[end - begin];
        all.Read([.. Enumerable.Range(0, bought.Length).Select(i => begin + i)], rows, bought);
        return new(all.Shape, rows, bought, begin, all.Count);
    }

    private (int[] Recommended, long Hits, long PopularHits) Recommend(Communicator ranks, double[] coefficients)
    {
        int[] popular = [.. Enumerable.Range(0, MadeShop.Items).OrderByDescending(item => purchases[item]).Take(options.Top)];
        (long begin, long end) = Own(ranks, options.TestUsers);
        List<int> own = [];
        long[] hits = new long[2];
        double[] score = new double[MadeShop.Items], row = new double[BehaviourFeatures.Names.Count];
        for (long user = options.Users + begin; user < options.Users + end; user++)
        {
            (UserEvent[] events, int next) = MadeShop.EventsOf(user, Seed);
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
        ranks.Allreduce<long>(hits, ReduceOperation.Sum);
        return (ranks.Gatherv<int>(own.ToArray()), hits[0], hits[1]);
    }

    // Coefficients of the fit without penalty: only they have standard errors. The loss is that of the model as it recommends.
    private void Explain(ExplanationFiles files, Communicator ranks)
    {
        LogisticRegression free = RegressionWith(ranks, 0);
        try
        {
            while (!free.IsDone)
                free.TakeStep();
            files.Coefficients(CoefficientTable.Of(free.Result, BehaviourFeatures.Names), $"logistic regression of {options.Users} users' next purchases, without penalty; 95 % confidence",
                "change of log-odds for one unit of the feature");
        }
        catch (SoraException reason)                            // the same on every rank
        {
            unexplained = $"  no coefficients with standard errors: {reason.Message}\n";
        }
        MatrixProducts<double> products = MatrixProducts<double>.Of(SameLibrary.Load(ranks, BlasLibrary.Managed));
        TrainingOptions how = new() { Loss = Loss.Logistic, Strata = options.Strata, MicroBatch = MicroBatch };
        using Trainer<double> judge = new(ranks, new Model(samples.Shape, new Dense(1)), samples, how, products, strata.Owners);
        ((double[])[.. regression.Coefficients.Skip(1), regression.Coefficients[0]]).CopyTo(judge.Network.Values);
        SampleShare<double> share = new(ranks, samples, options.Strata, strata.First, strata.End);
        files.Importance(PermutationImportance.Measure(share, FeatureGroup.Each(BehaviourFeatures.Names), judge.Evaluate, Repeats),
            $"{samples.Count} pairs of a user and an item that the regression has learnt from, {Repeats} permutations each");
    }

    private void Leave(int[] recommended, double[] coefficients)
    {
        if (options.Output is not null)
        {
            StringBuilder lines = new();
            foreach (int[] items in recommended.Chunk(options.Top))
                lines.Append(string.Join(',', items)).Append('\n');
            TextFile.Write(options.Output, lines.ToString(), "file");
        }
        if (options.Picture is not null)
            TextFile.Write(options.Picture, BarChart.Draw([.. BehaviourFeatures.Names.Select((name, i) => (name, coefficients[i + 1]))], "What makes users buy",
                $"logistic regression of {options.Users} users' next purchases", "change of log-odds for one unit of the feature"), "picture");
    }

    private static (long, long) Own(Communicator ranks, long users) => (users * ranks.Rank / ranks.Size, users * (ranks.Rank + 1) / ranks.Size);
}
