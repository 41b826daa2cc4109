using NUnit.Framework;
using SoraHpc.Diagnostics;
using SoraHpc.Learning.Blocks;
using SoraHpc.Learning.Models;

namespace SoraHpc.Tests.Learning;

using Dense = SoraHpc.Learning.Blocks.Dense;      // not the namespace beside this one

public sealed class BlockTests
{
    private static readonly Shape Row = new(7), Image = new(6, 4, 3), Sequence = new(4, 5);

    private static IEnumerable<TestCaseData> Blocks()
    {
        yield return Case(Row, new Dense(3));
        yield return Case(Sequence, new Dense(3));
        yield return Case(Image, new Convolution2D(2, 3));
        yield return Case(Image, new Convolution2D(5, 3, Padding: 1));
        yield return Case(Image, new Convolution2D(9, 1));
        yield return Case(Image, new MaxPooling(2));
        yield return Case(new Shape(4, 4, 9), new MaxPooling(2));
        yield return Case(Image, new AveragePooling(2));
        yield return Case(Sequence, new MeanOverTime());
        yield return Case(Sequence, new Gru(3));
        yield return Case(Sequence, new Gru(6, Sequence: true));
        yield return Case(Row, new LayerNormalise());
        yield return Case(Sequence, new LayerNormalise());
        yield return Case(Row, new BatchNormalise());
        yield return Case(Image, new BatchNormalise());
        yield return Case(Row, new Dropout(0.4));
        yield return Case(Row, new Activation(ActivationFunction.Relu));
        yield return Case(Row, new Activation(ActivationFunction.Tanh));
        yield return Case(Row, new Activation(ActivationFunction.Sigmoid));
        yield return Case(Row, new Activation(ActivationFunction.Gelu));
        yield return Case(Row, new Softmax());
        yield return Case(Image, new Flatten());
        yield return Case(Image, new Flatten(), new Flatten());
        yield return Case(Image, new Flatten(), new Dense(3), new Flatten(), new Activation(ActivationFunction.Tanh), new Flatten());
        yield return Case(Image, new Convolution2D(4, 3, Padding: 1), new Activation(ActivationFunction.Relu), new BatchNormalise(), new MaxPooling(2), new Flatten(), new Dropout(0.2),
            new Dense(6), new Activation(ActivationFunction.Gelu), new Series(new LayerNormalise(), new Dense(3)), new Softmax());

        static TestCaseData Case(Shape input, params Block[] blocks) => new TestCaseData(input, blocks).SetArgDisplayNames($"{input}", string.Join(", ", blocks.Select(block => block.Name)));
    }

    [TestCaseSource(nameof(Blocks))]
    public void Gradients_equal_central_differences_in_training_and_outside(Shape input, Block[] blocks)
    {
        Model model = new(input, blocks);
        Gradients.Check(model, Gradients.Normal(3 * input.Elements));
        Gradients.Check(model, Gradients.Normal(3 * input.Elements), isTraining: false);
    }

    [Test]
    public void An_embeddings_gradient_is_of_the_rows_that_occur() =>
        Gradients.Check(new Model(new Shape(4), new Embedding(9, 3), new Gru(2)), [1, 8, 1, 0, 3, 3, 3, 1], alsoInput: false);

    [Test]
    public void A_words_number_out_of_range_is_told()
    {
        using Network<double> network = new(new Model(new Shape(2), new Embedding(9, 3)), Gradients.Managed, 1);

        SoraException wrong = Assert.Throws<SoraException>(() => network.Forward(new Pass([0], false), [1, 9]))!;

        Assert.That(wrong.Message, Is.EqualTo("embedding(9, 3): 9 is no word; words are whole numbers in [0, 9)"));
    }

    [Test]
    public void A_model_whose_shapes_do_not_fit_names_both_blocks_and_both_shapes()
    {
        UsageException wrong = Assert.Throws<UsageException>(() => _ = new Model(Image, new Convolution2D(2, 3), new Dense(10)))!;

        Assert.That(wrong.Message, Is.EqualTo("block 0, convolution(2, 3 × 3), gives 4 × 2 × 2, which block 1, dense(10), does not take: "
            + "dense(10) takes a row of features or time × features (put a flatten before it), not an input of 4 × 2 × 2"));
    }

    [Test]
    public void Dropout_drops_its_share_and_the_same_in_any_micro_batch()
    {
        const int Samples = 40, Features = 500;
        using Network<double> network = new(new Model(new Shape(Features), new Dropout(0.3)), Gradients.Managed, Samples);
        double[] ones = [.. Enumerable.Repeat(1.0, Samples * Features)];
        long[] indices = [.. Enumerable.Range(0, Samples).Select(i => (long)i)];

        double[] together = network.Forward(new Pass(indices, true, 1), ones).ToArray();
        double[] alone = network.Forward(new Pass([31], true, 1), ones.AsSpan(0, Features)).ToArray();

        Assert.That(alone, Is.EqualTo(together[(31 * Features)..(32 * Features)]).AsCollection);
        Assert.That(together.Count(value => value == 0) / (double)together.Length, Is.EqualTo(0.3).Within(0.015));      // 4.6 standard deviations
        Assert.That(together.Where(value => value != 0), Is.All.EqualTo(1 / 0.7));
        Assert.That(network.Forward(new Pass(indices, true, 2), ones).ToArray(), Is.Not.EqualTo(together).AsCollection);
        Assert.That(network.Forward(new Pass(indices, false), ones).ToArray(), Is.EqualTo(ones).AsCollection);
    }
}
