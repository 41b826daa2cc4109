using NUnit.Framework;
using SoraHpc.Diagnostics;
using SoraHpc.Learning.Blocks;
using SoraHpc.Learning.Models;
using SoraHpc.Learning.SubModels;
using SoraHpc.Solvers.RandomNumbers;

namespace SoraHpc.Tests.Learning.SubModels;

using Dense = SoraHpc.Learning.Blocks.Dense;      // not the namespace beside this one

public sealed class SplittingTests
{
    [Test]
    public void Columns_are_cut_so_that_no_cut_has_a_cheaper_most_expensive_part([Range(1, 9)] int parts, [Range(1, 8)] int seed)
    {
        const int Columns = 9;
        double[] costs = [.. Enumerable.Range(0, Columns).Select(i => Math.Floor(4 * new RandomSequence((ulong)seed, 4).UniformAt(i)))];        // some cost nothing

        SubModel[] cut = Splitting.ByColumns(new Shape(Columns), parts, _ => [new Dense(2)], costs);

        Assert.That(cut.Select(each => each.Columns!.Value.Begin), Is.EqualTo(cut.Select(each => each.Columns!.Value.End).Prepend(0).Take(parts)).AsCollection);
        Assert.That(cut[^1].Columns!.Value.End, Is.EqualTo(Columns));
        Assert.That(cut.Select(each => each.Columns!.Value.End - each.Columns.Value.Begin), Is.All.GreaterThan(0));
        double most = cut.Max(each => costs[each.Columns!.Value.Begin..each.Columns.Value.End].Sum());
        Assert.That(most, Is.EqualTo(LeastMost(costs, parts)).Within(1e-4));       // what costs nothing is taken as a millionth
    }

    [Test]
    public void A_model_cut_into_stages_gives_the_same_bits_from_the_same_seed([Range(1, 6)] int parts)
    {
        Model whole = new(new Shape(6, 3), new Gru(5, true), new LayerNormalise(), new Dense(4), new MeanOverTime(), new Activation(ActivationFunction.Tanh), new Dense(2));
        Model cut = Splitting.ByBlocks(whole, parts);
        using Network<double> one = new(whole, Gradients.Managed, 2), other = new(cut, Gradients.Managed, 2);
        double[] input = Gradients.Normal(36);

        Assert.That(cut.Blocks.Blocks, Has.Count.EqualTo(parts));
        Assert.That(other.Forward(new Pass([0, 1], false), input).ToArray(), Is.EqualTo(one.Forward(new Pass([0, 1], false), input).ToArray()).AsCollection);
    }

    [Test]
    public void Costs_of_blocks_are_counted_or_measured()
    {
        Model model = new(new Shape(64), new Dense(256), new Activation(ActivationFunction.Relu), new Dense(2));

        Assert.That(BlockCosts.Flops(model)[0], Is.GreaterThan(30 * BlockCosts.Flops(model)[2]));
        Assert.That(BlockCosts.Measure(model, Gradients.Managed), Has.Length.EqualTo(3).And.All.GreaterThan(0));
        Assert.That(Splitting.CutsFor(model, 2), Is.EqualTo((int[])[0, 1, 3]).AsCollection);
    }

    [Test]
    public void Too_many_parts_and_wrong_cuts_are_told_in_one_line()
    {
        Model model = new(new Shape(4), new Dense(3), new Dense(2));

        Assert.That(() => Splitting.ByColumns(new Shape(4), 5, _ => [new Dense(2)]), Throws.TypeOf<UsageException>().With.Message.EqualTo("4 columns cannot be cut into 5 sub-models: give 1 to 4"));
        Assert.That(() => Splitting.ByBlocks(model, 3), Throws.TypeOf<UsageException>().With.Message.EqualTo("2 blocks cannot be cut into 3 sub-models: give 1 to 2"));
        Assert.That(() => Splitting.ByBlocks(model, [0, 2, 2]), Throws.TypeOf<UsageException>().With.Message.StartsWith("cuts 0, 2, 2 of 2 blocks"));
        Assert.That(() => Splitting.ByBlocks(model, 2, [1.0]), Throws.TypeOf<UsageException>().With.Message.EqualTo("1 costs for 2 blocks: give one for each, 0 or more"));
    }

    // By dynamic programming: the best of all ends of the last part.
    private static double LeastMost(double[] costs, int parts) => parts == 1 ? costs.Sum()
        : Enumerable.Range(parts - 1, costs.Length - parts + 1).Min(begin => Math.Max(costs[begin..].Sum(), LeastMost(costs[..begin], parts - 1)));
}
