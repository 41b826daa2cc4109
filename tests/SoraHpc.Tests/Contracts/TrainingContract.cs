using NUnit.Framework;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.Learning.Blocks;
using SoraHpc.Learning.Models;
using SoraHpc.Learning.Regression;
using SoraHpc.Learning.Training;
using SoraHpc.LinearAlgebra;
using SoraHpc.Solvers.RandomNumbers;

namespace SoraHpc.Tests.Contracts;

/// <summary>What training must be on every transport.</summary>
public abstract partial class TrainingContract
{
    private static readonly TrainingOptions Options = new() { Epochs = 2, Strata = 6, MicroBatch = 4, Penalty = 0.01, Rate = new() { Base = 0.01, Schedule = RateSchedule.Cosine, WarmUp = 0.2 } };

    /// <summary>Runs <paramref name="body"/> on <paramref name="size"/> ranks; ignores the test where the world has fewer.</summary>
    protected abstract void OnEveryRank(int size, Action<Communicator> body);

    private sealed class SizesAttribute() : ValuesAttribute(1, 2, 3, 4);

    [Test]
    public void Images_are_learnt_with_the_bits_of_the_plain_loop([Sizes] int size, [Values("managed", "auto")] string library)
    {
        Model model = new(new Shape(6, 6, 1), new Convolution2D(3, 3), new BatchNormalise(), new Activation(ActivationFunction.Relu), new MaxPooling(2), new Flatten(),
            new Dropout(0.2), new SoraHpc.Learning.Blocks.Dense(4));
        CheckAgainstThePlainLoop(size, library, model, SamplesOf(model, 101, classes: 4, words: 0), Options);
    }

    [Test]
    public void Sequences_are_learnt_with_the_bits_of_the_plain_loop([Sizes] int size)
    {
        Model model = new(new Shape(5), new Embedding(30, 4), new Gru(6), new LayerNormalise(), new SoraHpc.Learning.Blocks.Dense(3));
        CheckAgainstThePlainLoop(size, "auto", model, SamplesOf(model, 67, classes: 3, words: 30), Options with { Optimiser = new Sgd(0.9) });
    }

    [Test]
    public void Any_owners_of_strata_give_the_same_bits([Values(2, 3)] int size)
    {
        Model model = new(new Shape(9), new SoraHpc.Learning.Blocks.Dense(8), new Activation(ActivationFunction.Tanh), new SoraHpc.Learning.Blocks.Dense(3));
        SampleTable<float> samples = SamplesOf(model, 90, classes: 3, words: 0);
        TrainingOptions options = Options with { Strata = 7 };
        float[] expected = PlainTraining.Train(model, samples, options, Products("managed"));
        OnEveryRank(size, comm =>
        {
            foreach (int[] owners in (int[][])[[0, 1, 0, 1, 1, 0, 0], [1, 1, 1, 1, 1, 1, 1], [1, 0, 0, 0, 0, 0, 1]])
            {
                using Trainer<float> trainer = new(comm, model, samples, options, Products("managed"), owners);
                while (!trainer.IsDone)
                    trainer.TakeStep();
                Assert.That(trainer.Network.Values.ToArray(), Is.EqualTo(expected).AsCollection, string.Join(",", owners));
            }
        });
    }

    [Test]
    public void Loss_and_rightness_have_the_same_bits([Sizes] int size)
    {
        Model model = new(new Shape(9), new SoraHpc.Learning.Blocks.Dense(3));
        SampleTable<float> samples = SamplesOf(model, 50, classes: 3, words: 0);
        OnEveryRank(size, comm =>
        {
            using Trainer<float> together = Trained(comm, model, samples);
            Assert.That(together.History, Is.EqualTo(ReportsAlone(comm, model, samples)).AsCollection);
        });
    }

    [Test]
    public void A_diverging_training_ends_on_every_rank_with_step_and_loss([Sizes] int size)
    {
        Model model = new(new Shape(9), new SoraHpc.Learning.Blocks.Dense(3));
        SampleTable<float> samples = SamplesOf(model, 50, classes: 3, words: 0);
        TrainingOptions options = Options with { Loss = Loss.CrossEntropy, Optimiser = new Sgd(), Rate = new() { Base = 1e30 }, Penalty = 1 };
        OnEveryRank(size, comm =>
        {
            using Trainer<float> trainer = new(comm, model, samples, options, Products("managed"));
            SoraException wrong = Assert.Throws<SoraException>(() =>
            {
                while (!trainer.IsDone)
                    trainer.TakeStep();
            })!;
            Assert.That(wrong.Message, Does.Match("^training diverged in step [0-9]+ \\(epoch [0-9]+\\): the loss is .* take a learning rate below 1E\\+30$"));
        });
    }

    [Test]
    public void Regressions_have_the_bits_of_one_rank([Sizes] int size, [Values] bool weighted)
    {
        RandomSequence random = new(7, 1);
        SampleTable<double> Table(Func<int, double> target) => new(new Shape(3), [.. Enumerable.Range(0, 3 * 70).Select(i => random.UniformAt(i))],
            [.. Enumerable.Range(0, 70).SelectMany(i => weighted ? [target(i), random.UniformAt(2000 + i)] : (double[])[target(i)])]);
        SampleTable<double> line = Table(i => random.UniformAt(1000 + i)), classes = Table(i => Math.Round(random.UniformAt(1000 + i)));
        OnEveryRank(size, comm =>
        {
            double[] Ridge(Communicator ranks) => LeastSquares.Fit(ranks, line, penalty: 0.5, isWeighted: weighted).Coefficients;
            double[] Odds(Communicator ranks) => LogisticRegression.Fit(ranks, classes, penalty: 0.5, isWeighted: weighted).Coefficients;
            Assert.That(Ridge(comm), Is.EqualTo(Ridge(comm.Self())).AsCollection);
            Assert.That(Odds(comm), Is.EqualTo(Odds(comm.Self())).AsCollection);
        });
    }

    private void CheckAgainstThePlainLoop(int size, string library, Model model, SampleTable<float> samples, TrainingOptions options)
    {
        OnEveryRank(size, comm =>
        {
            MatrixProducts<float> products = MatrixProducts<float>.Of(SameLibrary.Load(comm, library));
            float[] expected = PlainTraining.Train(model, samples, options, products);
            using Trainer<float> trainer = new(comm, model, samples, options, products);
            while (!trainer.IsDone)
                trainer.TakeStep();

            Assert.That(trainer.Network.Values.ToArray(), Is.EqualTo(expected).AsCollection);
        });
    }

    private static Trainer<float> Trained(Communicator comm, Model model, SampleTable<float> samples)
    {
        Trainer<float> trainer = new(comm, model, samples, Options, Products("managed"));
        while (!trainer.IsDone)
            trainer.TakeStep(samples);
        return trainer;
    }

    private static EpochReport[] ReportsAlone(Communicator comm, Model model, SampleTable<float> samples)
    {
        using Trainer<float> alone = Trained(comm.Self(), model, samples);
        return [.. alone.History];
    }

    private static MatrixProducts<float> Products(string library) => MatrixProducts<float>.Of(BlasLibrary.Load(new BlasOptions { Library = library, Threads = 1 }));

    private static SampleTable<float> SamplesOf(Model model, int count, int classes, int words)
    {
        RandomSequence random = new(3, 9);
        float[] inputs = new float[count * model.Input.Elements], targets = new float[count];
        for (int i = 0; i < inputs.Length; i++)
            inputs[i] = words > 0 ? (float)Math.Floor(words * random.UniformAt(i)) : (float)(2 * random.UniformAt(i) - 1);
        for (int i = 0; i < count; i++)
            targets[i] = (float)Math.Floor(classes * random.UniformAt(inputs.Length + i));
        return new(model.Input, inputs, targets);
    }
}
