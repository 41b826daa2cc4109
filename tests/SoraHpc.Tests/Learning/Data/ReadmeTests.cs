using NUnit.Framework;
using SoraHpc.Communication;
using SoraHpc.Communication.Threads;
using SoraHpc.Learning.Blocks;
using SoraHpc.Learning.Data;
using SoraHpc.Learning.Models;
using SoraHpc.Learning.Streams;
using SoraHpc.Learning.Training;
using SoraHpc.LinearAlgebra;

namespace SoraHpc.Tests.Learning.Data;

using Dense = SoraHpc.Learning.Blocks.Dense;        // here, since SoraHpc.Tests.Dense is nearer than what is used above

/// <summary>What Data/README.md shows runs.</summary>
public sealed class ReadmeTests
{
    [Test]
    public void What_is_shown_is_here([Values("src/SoraHpc.Learning/Data/README.md")] string readme)
    {
        string root = RealData.RepositoryRoot(), here = File.ReadAllText(Path.Combine(root, "tests/SoraHpc.Tests/Learning/Data/ReadmeTests.cs"));
        foreach (string line in File.ReadLines(Path.Combine(root, readme)).Where(line => line.StartsWith("    ", StringComparison.Ordinal) && !line.StartsWith("    sora ", StringComparison.Ordinal)))
            Assert.That(here, Does.Contain(line.Trim()));
    }

    [Test]
    public void What_stands_out_is_told() => ThreadWorld.Run(2, world =>
    {
        DataParticle[] table = [new BehaviourTable { Missing = 0.02 }.Rows(300 * world.Rank, 300)];

        Pipeline pipeline = new(new FillMissing(Filling.Median),
            new Outliers(OutlierRule.MedianDeviation, OutlierTreatment.Clip, 3.5, "visits", "seconds"),
            new IsolationForest(OutlierTreatment.Remove, 0.6),
            new Standardise());
        FittedPipeline fitted = pipeline.Fit(world, table);
        foreach (FittedOutliers step in fitted.Steps.OfType<FittedOutliers>())
            Console.WriteLine(step.Report);

        Assert.That(fitted.Steps.OfType<FittedOutliers>().Select(step => step.Report.Rows), Is.EqualTo((long[])[600, 600]).AsCollection);
        Assert.That(world.Allreduce(fitted.Transform(table[0]).Count, ReduceOperation.Sum), Is.EqualTo(600 - fitted.Steps.OfType<FittedOutliers>().Last().Report.Found));
    });

    [Test]
    public void Windows_are_seen_and_a_model_learns_them() => ThreadWorld.Run(2, world =>
    {
        DataParticle arrived = new BehaviourTable().Rows(500 * world.Rank, 500);
        Pipeline cleaning = new(new Standardise());
        MatrixProducts<float> products = MatrixProducts<float>.Of(SameLibrary.Load(world));
        TrainingOptions options = new() { Augmentation = new() { Shift = 2, Turn = 0.2, Stretch = 0.1, Slant = 0.2 } };

        StreamWindows windows = new(world, [new(10), new(100, 25), new(1000)], quantiles: [0.5, 0.9]);
        foreach (WindowReport window in windows.Take(arrived))
            if (window.Column == "seconds" && world.IsRoot)
                Console.WriteLine($"{window.Span.Size} rows up to {window.End}: mean {window.Moments.Mean:0.0}, median {window.Quantiles[0]:0.0}");

        using OnlineTraining<float> online = new(world, cleaning, columns => new Model(new Shape(columns), new Dense(2)), new OnlineOptions(), products, new Adwin(0.002));
        WindowOutcome outcome = online.Take([arrived]);

        Assert.That((outcome.Rows, outcome.Learnt, options.Augmentation.Shift), Is.EqualTo((1000L, 1000L, 2.0)));
    });
}
