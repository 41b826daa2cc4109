using NUnit.Framework;
using SoraHpc.Communication.Threads;
using SoraHpc.Diagnostics;
using SoraHpc.Learning.Blocks;
using SoraHpc.Learning.Models;
using SoraHpc.Learning.Training;

namespace SoraHpc.Tests.Learning;

using Dense = SoraHpc.Learning.Blocks.Dense;      // not the namespace beside this one

public sealed class TrainerTests
{
    private static readonly Model Line = new(new Shape(2), new Dense(3));

    [Test]
    public void Losses_and_their_slopes_are_those_of_the_definition([Values] Loss loss)
    {
        double[] prediction = loss == Loss.Logistic ? [0.7] : [0.3, -1.2, 2.5], target = loss == Loss.MeanSquaredError ? [1, 0.5, -0.25] : [1], slope = new double[prediction.Length];
        double Value(double[] x) => loss switch
        {
            Loss.CrossEntropy => -Math.Log(Math.Exp(x[1]) / x.Sum(Math.Exp)),
            Loss.Logistic => -Math.Log(1 / (1 + Math.Exp(-x[0]))),
            _ => x.Zip(target, (a, b) => (a - b) * (a - b)).Average(),
        };

        Assert.That(LossKernel.Evaluate<double>(loss, prediction.Length, prediction, target, slope), Is.EqualTo(Value(prediction)).Within(1e-14));
        for (int i = 0; i < prediction.Length; i++)
        {
            double[] above = [.. prediction], below = [.. prediction];
            (above[i], below[i]) = (above[i] + 1e-5, below[i] - 1e-5);
            Assert.That(slope[i], Is.EqualTo((Value(above) - Value(below)) / 2e-5).Within(1e-8));
        }
    }

    [Test]
    public void A_samples_weight_multiplies_its_loss_and_slope([Values] Loss loss)
    {
        int outputs = loss == Loss.Logistic ? 1 : 3;
        double[] predictions = [.. Enumerable.Range(0, 2 * outputs).Select(i => 0.4 * i - 0.7)], target = loss == Loss.MeanSquaredError ? [1, 0.5, -0.25] : [1];
        double[] plain = new double[predictions.Length], weighted = new double[predictions.Length];
        double first = LossKernel.Evaluate<double>(loss, outputs, predictions.AsSpan(0, outputs), target, plain.AsSpan(0, outputs));
        double second = LossKernel.Evaluate<double>(loss, outputs, predictions.AsSpan(outputs), target, plain.AsSpan(outputs));

        double both = LossKernel.Evaluate<double>(loss, outputs, predictions, (double[])[.. target, 0.25, .. target, 3], weighted, isWeighted: true);

        Assert.That(both, Is.EqualTo(0.25 * first + 3 * second).Within(1e-15));
        for (int i = 0; i < weighted.Length; i++)
            Assert.That(weighted[i], Is.EqualTo((i < outputs ? 0.25 : 3) * plain[i]));
    }

    [Test]
    public void A_cross_entropy_of_huge_logits_is_finite()
    {
        float[] slope = new float[2];

        Assert.That(LossKernel.Evaluate<float>(Loss.CrossEntropy, 2, [1000, -1000], [1], slope), Is.EqualTo(2000));
        Assert.That(slope, Is.EqualTo((float[])[1, -1]).AsCollection);
    }

    [Test]
    public void A_steps_length_follows_its_schedule()
    {
        LearningRate rate = new() { Base = 0.1, Schedule = RateSchedule.Cosine, WarmUp = 0.1, ReferenceBatch = 64 };

        Assert.That(rate.At(0, 100, 128), Is.EqualTo(0.02).Within(1e-15));
        Assert.That(rate.At(9, 100, 64), Is.EqualTo(0.1).Within(1e-15));
        Assert.That(rate.At(55, 100, 64), Is.EqualTo(0.05).Within(1e-15));
        Assert.That(new LearningRate { Schedule = RateSchedule.Steps }.At(80, 100, 64), Is.EqualTo(1e-5).Within(1e-18));
    }

    [TestCase(1)]
    [TestCase(5)]
    [TestCase(12)]
    public void Strata_cover_all_samples_once_and_an_epoch_takes_each_once(int count)
    {
        Strata strata = new(103, count, 4);
        List<long> taken = [];
        for (int stratum = 0; stratum < count; stratum++)
        {
            long[] order = new long[strata.Length(stratum)];
            strata.Shuffle(stratum, 3, 7, order);
            for (int batch = 0; batch < strata.Batches; batch++)
                taken.AddRange(order.AsSpan(Math.Min(order.Length, batch * 4), strata.MicroBatch(stratum, batch)));
        }

        Assert.That(taken, Is.Not.Ordered);
        Assert.That(taken.Order(), Is.EqualTo(Enumerable.Range(0, 103).Select(i => (long)i)).AsCollection);
        Assert.That(Enumerable.Range(0, strata.Batches).Sum(strata.BatchSamples), Is.EqualTo(103));
    }

    [Test]
    public void Any_cut_of_a_tree_sums_in_the_same_order([Range(1, 17)] int leaves, [Values(1, 2, 3, 5)] int ranks)
    {
        int[] owners = [.. Enumerable.Range(0, leaves).Select(leaf => leaf * 7 / 3 % ranks)];
        string expected = Plain(0, leaves);
        Dictionary<int, List<string>> stacks = [];
        SummationTree tree = null!;
        for (int rank = 0; rank < ranks; rank++)
        {
            tree = new(owners, rank, ranks);
            List<string> stack = stacks[rank] = [];
            int next = 0;
            for (int leaf = 0; leaf < leaves; leaf++)
                if (owners[leaf] == rank)
                {
                    SummationTree.Push push = tree.Pushes[next++];
                    Assert.That(stack, Has.Count.EqualTo(push.Slot));
                    stack.Add($"{leaf}");
                    for (int merge = 0; merge < push.Merges; merge++)
                    {
                        stack[^2] = $"({stack[^2]}+{stack[^1]})";
                        stack.RemoveAt(stack.Count - 1);
                    }
                }
            Assert.That(stack, Has.Count.EqualTo(tree.PiecesOf[rank]));
        }
        string[] pieces = [.. Enumerable.Range(0, ranks).SelectMany(rank => stacks[rank])];
        foreach ((int left, int right) in tree.Merges)
            pieces[left] = $"({pieces[left]}+{pieces[right]})";

        Assert.That(pieces[tree.Root], Is.EqualTo(expected));

        static string Plain(int begin, int end)
        {
            int left = 1;
            while (2 * left < end - begin)
                left *= 2;
            return end - begin == 1 ? $"{begin}" : $"({Plain(begin, begin + left)}+{Plain(begin + left, end)})";
        }
    }

    [Test]
    public void Training_stops_where_the_validation_loss_stops_falling_and_keeps_the_best() => ThreadWorld.Run(1, comm =>
    {
        SampleTable<float> learnt = new(new Shape(2), [1, 0, 0, 1, 1, 1, 0, 0], [0, 1, 2, 1]), judged = new(new Shape(2), [1, 0, 0, 1, 1, 1, 0, 0], [1, 0, 1, 2]);
        TrainingOptions options = new() { Epochs = 500, Strata = 2, MicroBatch = 2, Patience = 3, Rate = new() { Base = 0.1 } };

        using Trainer<float> trainer = new(comm, Line, learnt, options, Products);
        while (!trainer.IsDone)
            trainer.TakeStep(judged);

        EpochReport best = trainer.History.MinBy(report => report.Validation!.Value.Loss)!;
        Assert.That(trainer.History, Has.Count.EqualTo(best.Epoch + 3));
        Assert.That(trainer.Evaluate(judged).Loss, Is.EqualTo(best.Validation!.Value.Loss));
    });

    [Test]
    public void Samples_that_cannot_be_learnt_are_told_in_one_line()
    {
        SampleTable<float> good = new(new Shape(2), [1, 2, 3, 4], [0, 2]);
        Assert.That(() => SampleCheck.Values(new SampleTable<float>(new Shape(2), [1, 2, 3, float.NaN], [0, 1]), Line, Loss.CrossEntropy, 0, 2),
            Throws.TypeOf<SoraException>().With.Message.EqualTo("sample 1, feature 1 of 2: NaN is no number to learn from; clean the data first"));
        Assert.That(() => SampleCheck.Values(new SampleTable<float>(new Shape(2), [1, 2, 3, 4], [0, 3]), Line, Loss.CrossEntropy, 0, 2),
            Throws.TypeOf<SoraException>().With.Message.EqualTo("sample 1: 3 is no label; labels are whole numbers from 0 to 2"));
        Assert.That(() => SampleCheck.Values(new SampleTable<float>(new Shape(2), [1, 2, 3, 4], [0, 1, 2, -1]), Line, Loss.CrossEntropy, 0, 2, isWeighted: true),
            Throws.TypeOf<SoraException>().With.Message.EqualTo("sample 1: a weight of -1; weights are 0 or more"));
        Assert.That(() => SampleCheck.Shapes(good, Line, Loss.CrossEntropy, isWeighted: true),
            Throws.TypeOf<UsageException>().With.Message.EqualTo("samples have 1 target each, and cross-entropy of 3 outputs with a weight needs 2"));
        Assert.That(() => SampleCheck.Shapes(good, new Model(new Shape(3), new Dense(3)), Loss.CrossEntropy),
            Throws.TypeOf<UsageException>().With.Message.EqualTo("samples are 2, and the model takes 3"));
        Assert.That(() => SampleCheck.Shapes(good, Line, Loss.MeanSquaredError),
            Throws.TypeOf<UsageException>().With.Message.EqualTo("samples have 1 target each, and the squared error of 3 outputs needs 3"));
        Assert.That(() => SampleCheck.Shapes(good, Line, Loss.Logistic), Throws.TypeOf<UsageException>().With.Message.Contains("the logistic loss needs one logit, and the model gives 3"));
        Assert.That(() => ThreadWorld.Run(1, comm => _ = new Trainer<float>(comm, Line, good, new TrainingOptions(), Products)),
            Throws.TypeOf<UsageException>().With.Message.EqualTo("2 samples cannot be dealt into 12 strata: take at most 2 strata, or more samples"));
    }

    [Test]
    public void A_rank_that_lacks_a_column_is_told_with_what_rank_0_has()
    {
        SoraException told = Assert.Throws<SoraException>(() => ThreadWorld.Run(3, comm =>
        {
            int columns = comm.Rank == 1 ? 1 : 2;
            SampleTable<float> samples = new(new Shape(columns), new float[24 * columns], new float[24]);
            _ = new Trainer<float>(comm, new Model(samples.Shape, new Dense(3)), samples, new TrainingOptions(), Products);
        }))!;

        Assert.That(told.Message, Is.EqualTo("rank 1 has 24 samples of 1 with 1 target for 1 → dense(3) → 3, and rank 0 has 24 samples of 2 with 1 target for 2 → dense(3) → 3: "
            + "give every rank the same columns and the same model"));
    }

    [Test]
    public void A_step_allocates_nothing_for_a_batch() => ThreadWorld.Run(1, comm =>
    {
        Model model = new(new Shape(8, 8, 1), new Convolution2D(4, 3), new Activation(ActivationFunction.Relu), new MaxPooling(2), new Flatten(), new Dropout(0.1), new Dense(10));
        float[] pixels = [.. Enumerable.Range(0, 64 * 64).Select(i => i % 13 / 13f)], labels = [.. Enumerable.Range(0, 64).Select(i => (float)(i % 10))];
        using Trainer<float> trainer = new(comm, model, new SampleTable<float>(model.Input, pixels, labels), new TrainingOptions { Strata = 4, MicroBatch = 1, Epochs = 100 }, Products);
        for (int i = 0; i < 17; i++)
            trainer.TakeStep();

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10; i++)
            trainer.TakeStep();

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    });

    private static SoraHpc.LinearAlgebra.MatrixProducts<float> Products { get; } =
        SoraHpc.LinearAlgebra.MatrixProducts<float>.Of(SoraHpc.LinearAlgebra.BlasLibrary.Load(new() { Library = "managed", Threads = 1 }));
}
