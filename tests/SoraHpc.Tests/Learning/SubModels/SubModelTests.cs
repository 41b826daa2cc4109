using NUnit.Framework;
using SoraHpc.Diagnostics;
using SoraHpc.Learning.Blocks;
using SoraHpc.Learning.Models;
using SoraHpc.Learning.SubModels;
using SoraHpc.Learning.Training;

namespace SoraHpc.Tests.Learning.SubModels;

using Dense = SoraHpc.Learning.Blocks.Dense;      // not the namespace beside this one

public sealed class SubModelTests
{
    private static readonly Shape Row = new(8);

    private static Branches Two(CombiningRule rule, int right = 3, params Sharing[] sharings) =>
        new([new("left", new(0, 5), new Dense(4), new Activation(ActivationFunction.Tanh), new Dense(3)), new("right", new(3, 8), new Dense(4), new Activation(ActivationFunction.Tanh), new Dense(right))], rule, sharings);

    private static IEnumerable<TestCaseData> Models()
    {
        foreach (CombiningRule rule in Enum.GetValues<CombiningRule>())
        {
            yield return Case($"parallel {rule}", Row, Two(rule));
            yield return Case($"hybrid {rule}", Row, Two(rule), new SubModel("head", null, new Activation(ActivationFunction.Tanh), new Dense(2)));
            yield return Case($"shared {rule}", Row, Two(rule, sharings: new Sharing("left", "right", 3)));
        }
        yield return Case("first block shared", Row, Two(CombiningRule.Mean, sharings: new Sharing("left", "right", 1)));
        yield return Case("unequal outputs", Row, Two(CombiningRule.Concatenate, right: 5));
        yield return Case("sub-models in series", Row, new SubModel("first", new(2, 8), new Dense(5)), new SubModel("second", new(1, 4), new Dense(2)));
        yield return Case("behind a block", Row, new Dense(6), new LayerNormalise(), new Branches(CombiningRule.Mean, new SubModel("a", null, new Dense(2)), new SubModel("b", new(4, 6), new Dense(2))));
        yield return Case("inside each other", Row, new Branches(CombiningRule.Concatenate, new SubModel("outer", new(0, 6),
            new Branches(CombiningRule.Mean, new SubModel("x", new(0, 3), new Dense(2)), new SubModel("y", new(2, 6), new Dense(2)))), new SubModel("plain", new(6, 8), new Dense(2))));
        yield return Case("sequences", new Shape(6, 3), new Branches(CombiningRule.Concatenate, new SubModel("begin", new(0, 3), new Gru(2)), new SubModel("end", new(3, 6), new MeanOverTime())));
        yield return Case("equal sequences", new Shape(6, 3), new Branches(CombiningRule.Max, new SubModel("begin", new(0, 3), new Gru(2, true)), new SubModel("end", new(3, 6), new Gru(2, true))));

        static TestCaseData Case(string name, Shape input, params Block[] blocks) => new TestCaseData(input, blocks).SetArgDisplayNames(name);
    }

    [Test]
    public void Models_that_differ_inside_of_their_parts_read_otherwise_and_have_another_fingerprint()
    {
        static SubModel Part(int units, Activation middle, int begin = 0) => new("part", new(begin, 5), new Dense(4), middle, new Dense(units));
        Activation tanh = new(ActivationFunction.Tanh), relu = new(ActivationFunction.Relu);
        SubModel other = new("other", null, new Dense(2));
        Model[] models =
        [
            new(Row, Part(2, tanh), new Dense(1)), new(Row, Part(3, tanh), new Dense(1)), new(Row, Part(2, relu), new Dense(1)), new(Row, Part(2, tanh, 1), new Dense(1)),
            new(Row, new Branches(CombiningRule.Mean, Part(2, tanh), other)), new(Row, new Branches(CombiningRule.Max, Part(2, tanh), other)), new(Row, new Branches(CombiningRule.Mean, Part(2, relu), other)),
            new(Row, new Series(new Dense(4), relu)), new(Row, new Series(new Dense(4), tanh)), new(Row, new Dense(4), tanh),
            new(Row, Two(CombiningRule.Mean)), new(Row, Two(CombiningRule.Mean, sharings: new Sharing("left", "right", 1))), new(Row, Two(CombiningRule.Mean, sharings: new Sharing("left", "right", 3))),
        ];
        TrainingJob<double>[] jobs = [.. models.Select(model => new TrainingJob<double>("training", model, new TrainingOptions(), Gradients.Managed, (_, _, _) => throw new NotSupportedException(), (_, _) => { }, "data"))];

        Assert.That(models.Select(model => model.ToString()), Is.Unique);
        Assert.That(jobs.Select(job => job.Fingerprint), Is.Unique);
        Assert.That(models[3].ToString(), Is.EqualTo("8 → sub-model part[1, 5)(dense(4) → tanh → dense(2)) → dense(1) → 1"));
    }

    [TestCaseSource(nameof(Models))]
    public void Gradients_through_every_combination_equal_central_differences(Shape input, Block[] blocks)
    {
        Model model = new(input, blocks);
        Gradients.Check(model, Gradients.Normal(3 * input.Elements));
        Gradients.Check(model, Gradients.Normal(3 * input.Elements), isTraining: false);
    }

    [Test]
    public void A_shared_embeddings_gradient_is_the_sum_of_both_and_equals_central_differences() =>
        Gradients.Check(SharedWords(), [1, 8, 1, 0, 3, 3, 3, 1], alsoInput: false);

    [Test]
    public void Shared_parameters_are_stored_once_and_their_gradient_is_the_sum_of_both()
    {
        Model shared = new(Row, Two(CombiningRule.Mean, sharings: new Sharing("left", "right", 3))), apart = new(Row, Two(CombiningRule.Mean));
        Assert.That(shared.ParameterCount, Is.EqualTo(apart.ParameterCount / 2));
        using Network<double> one = new(shared, Gradients.Managed, 4, seed: 3), two = new(apart, Gradients.Managed, 4, seed: 3);
        int half = one.Values.Length;
        one.Values.CopyTo(two.Values);
        one.Values.CopyTo(two.Values[half..]);
        double[] input = Gradients.Normal(4 * 8), slope = Gradients.Normal(4 * 3, stream: 9);
        Pass pass = new([0, 1, 2, 3], isTraining: true);

        foreach (Network<double> network in (Network<double>[])[one, two])
        {
            network.Forward(pass, input);
            slope.CopyTo(network.OutputGradient(pass));
            network.Backward(pass, input);
        }

        double[] sum = [.. two.Gradients.Span[..half].ToArray().Zip(two.Gradients.Span[half..].ToArray(), (a, b) => a + b)];
        for (int i = 0; i < half; i++)                  // a sum of 2·4·5 terms in another order
            Assert.That(one.Gradients.Span[i], Is.EqualTo(sum[i]).Within(1e-14));
    }

    [Test]
    public void Parallel_sub_models_give_what_each_gives_alone_under_the_rule([Values(CombiningRule.Concatenate, CombiningRule.Mean, CombiningRule.Max)] CombiningRule rule)
    {
        using Network<double> together = new(new Model(Row, Two(rule)), Gradients.Managed, 2, seed: 3);
        double[] input = Gradients.Normal(16);
        double[][] alone = [.. Two(rule).SubModels.Select((subModel, i) => Alone(subModel, together, i, input))];

        double[] expected = rule switch
        {
            CombiningRule.Mean => [.. alone[0].Zip(alone[1], (a, b) => (0.0 + a + b) * 0.5)],
            CombiningRule.Max => [.. alone[0].Zip(alone[1], Math.Max)],
            _ => [.. alone[0][..3], .. alone[1][..3], .. alone[0][3..], .. alone[1][3..]],
        };
        Assert.That(together.Forward(new Pass([0, 1], false), input).ToArray(), Is.EqualTo(expected).AsCollection);
    }

    [Test]
    public void Votes_are_counted_and_the_mean_probability_decides_between_equals()
    {
        Model model = new(new Shape(9), new Branches(CombiningRule.Vote, [.. Enumerable.Range(0, 3).Select(i => new SubModel($"v{i}", new(3 * i, 3 * i + 3), new Flatten()))]));
        using Network<double> network = new(model, Gradients.Managed, 1);

        double[] counted = network.Forward(new Pass([0], false), [9, 0, 0, 0, 0.1, 0, 0, 0.1, 0]).ToArray();      // one sure vote against two unsure ones
        Assert.That(counted[1], Is.GreaterThan(counted[0]));
        double[] even = network.Forward(new Pass([0], false), [9, 0, 0, 0, 0.1, 0, 0, 0, 0.1]).ToArray();
        Assert.That(even[0], Is.GreaterThan(Math.Max(even[1], even[2])));
        Assert.That(even.Sum(Math.Exp), Is.EqualTo(1).Within(1e-14));
    }

    [Test]
    public void A_model_of_sub_models_is_read_as_it_was_written()
    {
        string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.h5");
        try
        {
            using Network<double> network = new(new Model(Row, Two(CombiningRule.Learned, sharings: new Sharing("left", "right", 2)), new SubModel("head", null, new Dense(2))), Gradients.Managed);
            ModelFile.Write(path, network);
            using Network<double> read = ModelFile.Read(path, Gradients.Managed);
            double[] input = Gradients.Normal(16);
            Assert.That(read.Forward(new Pass([0, 1], false), input).ToArray(), Is.EqualTo(network.Forward(new Pass([0, 1], false), input).ToArray()).AsCollection);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static IEnumerable<TestCaseData> Wrong()
    {
        yield return Case(new Branches(CombiningRule.Mean, new SubModel("a", null, new Dense(2)), new SubModel("b", null, new Dense(3))), "sub-model a gives 2 and sub-model b gives 3: the rule mean needs equal shapes");
        yield return Case(new SubModel("a", new(4, 9), new Dense(2)), "sub-model a takes columns [4, 9), not an input of 8");
        yield return Case(new SubModel("a", null, new Dense(2), new Gru(3)), "sub-model a: block 0, dense(2), gives 2, which block 1, gru(3), does not take");
        yield return Case(Two(CombiningRule.Mean, sharings: new Sharing("left", "middle", 1)), "there is no sub-model middle: there are left, right");
        yield return Case(Two(CombiningRule.Mean, sharings: new Sharing("right", "left", 1)), "left cannot share the parameters of right: the owner comes first");
        yield return Case(Two(CombiningRule.Mean, sharings: new Sharing("left", "right", 4)), "left and right cannot share 4 blocks: they have 3 and 3");
        yield return Case(new Branches([new("a", new(0, 5), new Dense(2)), new("b", new(0, 4), new Dense(2))], CombiningRule.Mean, [new("a", "b", 1)]),
            "sub-model a and sub-model b cannot share parameters: 0/weights of 5 × 2 against 0/weights of 4 × 2");
        yield return Case(new Branches([new("a", null, new BatchNormalise()), new("b", null, new BatchNormalise())], CombiningRule.Mean, [new("a", "b", 1)]), "a moving average: share the blocks before it");

        static TestCaseData Case(Block block, string line) => new TestCaseData(block, line).SetArgDisplayNames(line);
    }

    [TestCaseSource(nameof(Wrong))]
    public void What_does_not_fit_is_told_in_one_line_before_anything_is_computed(Block block, string line)
    {
        UsageException wrong = Assert.Throws<UsageException>(() => _ = new Model(Row, block))!;

        Assert.That(wrong.Message, Does.Contain(line).And.Not.Contain("\n"));
    }

    [Test]
    public void Two_sub_models_in_series_that_do_not_fit_are_both_named()
    {
        UsageException wrong = Assert.Throws<UsageException>(() => _ = new Model(Row, new SubModel("first", null, new Dense(2)), new SubModel("second", null, new Gru(3))))!;

        Assert.That(wrong.Message, Does.StartWith("block 0, sub-model first, gives 2, which block 1, sub-model second, does not take: "));
    }

    [Test]
    public void An_unknown_rule_and_equal_titles_are_told()
    {
        Assert.That(() => Two((CombiningRule)9), Throws.TypeOf<UsageException>().With.Message.EqualTo("there is no combining rule 9: take Concatenate, Mean, Max, Vote, Learned"));
        Assert.That(() => new Branches(CombiningRule.Mean, new SubModel("a", null, new Dense(2)), new SubModel("a", null, new Dense(2))), Throws.TypeOf<UsageException>().With.Message.Contains("two sub-models are called a"));
    }

    private static Model SharedWords() => new(new Shape(4), new Branches([new("left", new(0, 2), new Embedding(9, 3), new Gru(2)), new("right", new(2, 4), new Embedding(9, 3), new MeanOverTime())],
        CombiningRule.Concatenate, [new("left", "right", 1)]), new Dense(2));

    private static double[] Alone(SubModel subModel, Network<double> together, int place, double[] input)
    {
        using Network<double> network = new(new Model(Row, subModel), Gradients.Managed, 2);
        together.Values.Slice(place * network.Values.Length, network.Values.Length).CopyTo(network.Values);
        return network.Forward(new Pass([0, 1], false), input).ToArray();
    }
}
