using NUnit.Framework;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.Learning.Blocks;
using SoraHpc.Learning.Models;
using SoraHpc.Learning.SubModels;
using SoraHpc.Learning.Training;
using SoraHpc.LinearAlgebra;
using SoraHpc.Solvers.RandomNumbers;

namespace SoraHpc.Tests.Contracts;

/// <summary>What models whose parts lie on several ranks must be on every transport.</summary>
public abstract class PlacementContract
{
    private const int Samples = 40;

    private static readonly PipelinedTrainerOptions Options = new() { MicroBatch = 3, MicroBatches = 5 };

    /// <summary>Runs <paramref name="body"/> on <paramref name="size"/> ranks; ignores the test where the world has fewer.</summary>
    protected abstract void OnEveryRank(int size, Action<Communicator> body);

    private sealed class SizesAttribute() : ValuesAttribute(1, 2, 3, 4);

    private static IEnumerable<Model> Models() =>
    [
        new(new Shape(6), new Embedding(9, 4), new Gru(5, true), new Dropout(0.2), new LayerNormalise(), new MeanOverTime(), new SoraHpc.Learning.Blocks.Dense(3)),
        new(new Shape(6), new SoraHpc.Learning.Blocks.Dense(7), new BatchNormalise(), new Activation(ActivationFunction.Tanh),
            new Branches(CombiningRule.Concatenate, new SubModel("a", new(0, 4), new SoraHpc.Learning.Blocks.Dense(3)), new SubModel("b", new(2, 7), new SoraHpc.Learning.Blocks.Dense(2))), new SoraHpc.Learning.Blocks.Dense(3)),
    ];

    [Test]
    public void A_pipeline_learns_with_the_bits_of_the_plain_loop([Sizes] int size, [Values(0, 1)] int which, [Values("managed", "auto")] string library)
    {
        Model model = Models().ElementAt(which);
        SampleTable<float> samples = SamplesOf(model);
        OnEveryRank(size, comm =>
        {
            MatrixProducts<float> products = MatrixProducts<float>.Of(SameLibrary.Load(comm, library));
            (float[] expected, double[] losses) = Plainly(model, samples, products);
            using PipelinedTrainer<float> pipeline = new(comm, model, samples, Options, products);
            using Network<float> network = new(model, products, 3);

            for (int step = 0; step < losses.Length; step++)
                Assert.That(pipeline.TakeStep(BatchOf(step), 0.01, step), Is.EqualTo(losses[step]));

            pipeline.CopyTo(network);
            Assert.That(network.Values.ToArray(), Is.EqualTo(expected).AsCollection);
        });
    }

    [Test]
    public void Any_cuts_give_the_same_bits()
    {
        Model model = Models().First();
        SampleTable<float> samples = SamplesOf(model);
        OnEveryRank(2, comm =>
        {
            float[] expected = Plainly(model, samples, Managed<float>()).Values;
            using Network<float> network = new(model, Managed<float>(), 3);
            for (int cut = 1; cut < 6; cut++)
            {
                using PipelinedTrainer<float> pipeline = new(comm, model, samples, Options, Managed<float>(), [0, cut, 6]);
                for (int step = 0; step < 4; step++)
                    pipeline.TakeStep(BatchOf(step), 0.01, step);
                pipeline.CopyTo(network);
                Assert.That(network.Values.ToArray(), Is.EqualTo(expected).AsCollection, $"cut at {cut}");
            }
        });
    }

    [Test]
    public void A_diverging_pipeline_ends_on_every_rank_with_the_step([Sizes] int size)
    {
        Model model = new(new Shape(6), [.. Enumerable.Range(0, 4).Select(_ => new SoraHpc.Learning.Blocks.Dense(6))]);
        SampleTable<float> samples = SamplesOf(model);
        OnEveryRank(size, comm =>
        {
            using PipelinedTrainer<float> pipeline = new(comm, model, samples, Options with { Optimiser = new Sgd() }, Managed<float>());
            SoraException wrong = Assert.Throws<SoraException>(() =>
            {
                for (int step = 0; step < 9; step++)
                    pipeline.TakeStep(BatchOf(step), 1e30);
            })!;
            Assert.That(wrong.Message, Does.Match("^training diverged in step [0-9]+: the loss is .* take a learning rate below 1E\\+30$"));
        });
    }

    [Test]
    public void More_ranks_than_blocks_are_told_on_every_rank() => OnEveryRank(2, comm =>
    {
        Model model = new(new Shape(6), new SoraHpc.Learning.Blocks.Dense(3));
        Assert.That(() => new PipelinedTrainer<float>(comm, model, SamplesOf(model), Options, Managed<float>()), Throws.TypeOf<UsageException>().With.Message.EqualTo("1 block cannot be cut into 2 sub-models: give 1"));
        Assert.That(() => new PlacedDense<float>(comm, 6, 1, Managed<float>(), 3), Throws.TypeOf<UsageException>().With.Message.EqualTo("dense(1) cannot be placed on 2 ranks: take at most 1"));
    });

    [Test]
    public void A_dense_block_over_ranks_has_the_bits_of_one_and_a_bounded_error_where_ranks_are_summed([Sizes] int size)
    {
        const int Features = 13, Units = 37, Rows = 7;
        double[] input = Normal(Rows * Features, 1), slope = Normal(Rows * Units, 2);
        OnEveryRank(size, comm =>
        {
            using Network<double> whole = new(new Model(new Shape(Features), new SoraHpc.Learning.Blocks.Dense(Units)), Managed<double>(), Rows);
            Pass pass = new(new long[Rows], isTraining: true);
            double[] expected = whole.Forward(pass, input).ToArray(), output = new double[Rows * Units], inputGradient = new double[input.Length];
            slope.CopyTo(whole.OutputGradient(pass));
            double[] expectedGradient = whole.BackwardToInput(pass, input).ToArray();

            using PlacedDense<double> placed = new(comm, Features, Units, Managed<double>(), Rows);
            placed.Forward(pass, input, output);
            placed.Backward(pass, input, output, slope, inputGradient);

            Assert.That(output, Is.EqualTo(expected).AsCollection);
            int own = placed.Bias.Length;
            for (int row = 0; row < Features; row++)
                Assert.That(placed.WeightsGradient[(row * own)..(row * own + own)], Is.EqualTo(whole.Parameters[0].Gradient.Slice(row * Units + placed.FirstUnit, own).ToArray()).AsCollection);
            Assert.That(placed.BiasGradient, Is.EqualTo(whole.Parameters[1].Gradient.Slice(placed.FirstUnit, own).ToArray()).AsCollection);
            for (int i = 0; i < inputGradient.Length; i++)
                Assert.That(inputGradient[i], Is.EqualTo(expectedGradient[i]).Within(Bound(i / Features, i % Features, whole, slope)));
        });

        // 2γ of the units, times the sum of absolute terms.
        double Bound(int row, int feature, Network<double> whole, double[] slopes)
        {
            double sum = 0, u = Math.Pow(2, -53);
            for (int unit = 0; unit < Units; unit++)
                sum += Math.Abs(slopes[row * Units + unit] * whole.Parameters[0].Values[feature * Units + unit]);
            return 2 * Units * u / (1 - Units * u) * sum;
        }
    }

    // The same steps by one network: micro-batch after micro-batch, gradients added up.
    private static (float[] Values, double[] Losses) Plainly(Model model, SampleTable<float> samples, MatrixProducts<float> products)
    {
        using Network<float> network = new(model, products, Options.MicroBatch, Options.Seed);
        float[] first = new float[network.Values.Length], second = new float[network.Values.Length], input = new float[3 * 6], target = new float[3];
        double[] losses = new double[4];
        for (int step = 0; step < losses.Length; step++)
        {
            long[] batch = BatchOf(step);
            network.ClearGradients();
            foreach (long[] indices in batch.Chunk(Options.MicroBatch))
            {
                Pass pass = new(indices, isTraining: true, step);
                samples.Read(indices, input, target);
                ReadOnlySpan<float> predictions = network.Forward(pass, input.AsSpan(0, 6 * indices.Length));
                losses[step] += LossKernel.Evaluate(Options.Loss, 3, predictions, (ReadOnlySpan<float>)target.AsSpan(0, indices.Length), network.OutputGradient(pass));
                network.Backward(pass, input.AsSpan(0, 6 * indices.Length));
            }
            losses[step] /= batch.Length;
            Move(network, 1f / batch.Length, first, second, step + 1);
        }
        return (network.Values.ToArray(), losses);
    }

    private static void Move(Network<float> network, float factor, float[] first, float[] second, long step)
    {
        int begin = 0;
        foreach (Parameter<float> parameter in network.Parameters)
        {
            float[] slope = Whole(parameter, factor);
            for (int i = 0; i < slope.Length; i++)
                if (parameter.Tensor.Kind == ParameterKind.Statistic)
                    parameter.Values[i] = slope[i];
                else if (parameter.Rows is null || parameter.Rows.Touched.Contains(i / parameter.Rows.Columns))
                    Options.Optimiser.Update<float>(parameter.Values.Slice(i, 1), slope.AsSpan(i, 1), first.AsSpan(begin + i, 1), second.AsSpan(begin + i, 1), 0.01, step);
            begin += slope.Length;
        }
    }

    private static float[] Whole(Parameter<float> parameter, float factor)
    {
        float[] whole = new float[parameter.Values.Length];
        if (parameter.Rows is { } rows)
            for (int i = 0; i < rows.Sums.Length; i++)
                whole[rows.Touched[i / rows.Columns] * rows.Columns + i % rows.Columns] = rows.Sums[i] * factor;
        else
            for (int i = 0; i < whole.Length; i++)
                whole[i] = parameter.Gradient[i] * factor;
        return whole;
    }

    // The last micro-batch is smaller, and in every other step one is missing.
    private static long[] BatchOf(int step) => [.. Enumerable.Range(0, step % 2 == 0 ? 14 : 10).Select(i => (long)(7 * (i + 14 * step) % Samples))];

    private static MatrixProducts<T> Managed<T>() where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T> =>
        MatrixProducts<T>.Of(BlasLibrary.Load(new BlasOptions { Library = "managed", Threads = 1 }));

    private static SampleTable<float> SamplesOf(Model model)
    {
        RandomSequence random = new(3, 9);
        return new(model.Input, [.. Enumerable.Range(0, Samples * 6).Select(i => (float)Math.Floor(9 * random.UniformAt(i)))], [.. Enumerable.Range(0, Samples).Select(i => (float)Math.Floor(3 * random.UniformAt(9999 + i)))]);
    }

    private static double[] Normal(int count, ulong stream)
    {
        double[] values = new double[count];
        new RandomSequence(11, stream).FillNormal(0, values);
        return values;
    }
}
