using NUnit.Framework;
using SoraHpc.Diagnostics;
using SoraHpc.Diagnostics.Pictures;
using SoraHpc.Learning.Blocks;
using SoraHpc.Learning.Models;
using SoraHpc.Learning.SubModels;

namespace SoraHpc.Tests.Learning.SubModels;

using Dense = SoraHpc.Learning.Blocks.Dense;      // not the namespace beside this one

public sealed class ContributionTests
{
    private const int Background = 37, Capacity = 8;

    [Test]
    public void Contributions_equal_the_mean_over_all_orders_in_which_sub_models_can_come([Values(1, 2, 3, 4)] int players)
    {
        SubModel[] subModels = Splitting.ByColumns(new Shape(8), players, _ => [new Dense(3), new Activation(ActivationFunction.Tanh)]);
        Model model = new(new Shape(8), new Branches(CombiningRule.Concatenate, subModels), new Dense(5), new Activation(ActivationFunction.Tanh), new Dense(2));
        using Network<double> network = new(model, Gradients.Managed, Capacity);
        double[] background = Gradients.Normal(Background * 8), input = Gradients.Normal(3 * 8, stream: 4);

        Contribution[] found = new Contributions<double>(network, background).Explain(input, [0, 1, 1]);

        for (int sample = 0; sample < 3; sample++)
        {
            double[] expected = OverAllOrders(network, model, background, input.AsSpan(sample * 8, 8).ToArray(), sample == 0 ? 0 : 1, players);
            for (int player = 0; player < players; player++)
                Assert.That(found[sample].Of[player], Is.EqualTo(expected[player]).Within(1e-13));
            Assert.That(found[sample].Base + found[sample].Of.Sum(), Is.EqualTo(found[sample].Prediction).Within(1e-14));
        }
    }

    [Test]
    public void What_is_predicted_is_explained_whole_for_sub_models_side_by_side_and_one_after_the_other()
    {
        Model model = new(new Shape(8), new Branches(CombiningRule.Max, Splitting.ByColumns(new Shape(8), 4, _ => [new Dense(3)])), new SubModel("head", null, new Activation(ActivationFunction.Tanh), new Dense(2)));
        using Network<double> network = new(model, Gradients.Managed, Capacity);
        double[] input = Gradients.Normal(5 * 8, stream: 4), predicted = network.Forward(new Pass(new long[5], false), input).ToArray();

        Contributions<double> contributions = new(network, Gradients.Normal(Background * 8));
        Contribution[] found = contributions.Explain(input, [0, 0, 0, 0, 0]);

        Assert.That(contributions.SubModels, Is.EqualTo((string[])["part 1", "part 2", "part 3", "part 4", "head"]).AsCollection);
        for (int sample = 0; sample < 5; sample++)
        {
            Assert.That(found[sample].Prediction, Is.EqualTo(predicted[2 * sample]));
            Assert.That(found[sample].Base + found[sample].Of.Sum(), Is.EqualTo(found[sample].Prediction).Within(1e-14));
        }
        Assert.That(network.Forward(new Pass(new long[5], false), input).ToArray(), Is.EqualTo(predicted).AsCollection);     // nobody is left away
    }

    [Test]
    public void Of_a_mean_of_outputs_each_contributes_its_share_of_the_difference_from_its_mean()
    {
        Model model = new(new Shape(4), new Branches(CombiningRule.Mean, new SubModel("a", new(0, 2), new Dense(1)), new SubModel("b", new(2, 4), new Dense(1))));
        using Network<double> network = new(model, Gradients.Managed, Capacity);
        double[] background = Gradients.Normal(Background * 4), input = [1, 2, 3, 4], weights = network.Values.ToArray();

        Contribution found = new Contributions<double>(network, background).Explain(input, [0])[0];

        double meanA = Enumerable.Range(0, Background).Average(i => background[4 * i] * weights[0] + background[4 * i + 1] * weights[1]);
        Assert.That(found.Of[0], Is.EqualTo(0.5 * (weights[0] + 2 * weights[1] - meanA)).Within(1e-14));
    }

    [Test]
    public void Too_many_sub_models_or_none_are_told()
    {
        using Network<double> many = new(new Model(new Shape(13), new Branches(CombiningRule.Mean, Splitting.ByColumns(new Shape(13), 13, _ => [new Dense(1)]))), Gradients.Managed),
            none = new(new Model(new Shape(13), new Dense(1)), Gradients.Managed);

        Assert.That(() => new Contributions<double>(many, new double[13]), Throws.TypeOf<UsageException>().With.Message.EndsWith("has 13 sub-models: contributions are computed for 1 to 12"));
        Assert.That(() => new Contributions<double>(none, new double[13]), Throws.TypeOf<UsageException>().With.Message.EndsWith("has 0 sub-models: contributions are computed for 1 to 12"));
    }

    [Test]
    public void A_bar_chart_names_every_bar_and_is_well_formed()
    {
        string svg = BarChart.Draw([("left & more", 0.25), ("right", -1.5)], "Contributions", "of two", "logit");

        Assert.That(svg, Does.Contain("left &amp; more").And.Contain(">-1.5<").And.EndWith("</svg>\n"));
        Assert.That(() => System.Xml.Linq.XDocument.Parse(svg), Throws.Nothing);
        Assert.That(() => BarChart.Draw([("a", double.NaN)], "", "", ""), Throws.ArgumentException);
    }

    // Another way to the same: every order of the players, each one's gain as it comes, with outputs put together by hand.
    private static double[] OverAllOrders(Network<double> network, Model model, double[] background, double[] input, int output, int players)
    {
        Branches branches = (Branches)model.Blocks.Blocks[0];
        using Network<double> front = new(new Model(model.Input, branches), Gradients.Managed, 1);
        using Network<double> back = new(new Model(new Shape(3 * players), [.. model.Blocks.Blocks.Skip(1)]), Gradients.Managed, 1);
        network.Values[..front.Values.Length].CopyTo(front.Values);
        network.Values[front.Values.Length..].CopyTo(back.Values);
        double[] here = Row(front, input), mean = new double[3 * players];
        for (int i = 0; i < Background; i++)
            mean = [.. mean.Zip(Row(front, background[(8 * i)..(8 * i + 8)]), (sum, value) => sum + value / Background)];
        double Worth(IEnumerable<int> present) => Row(back, [.. Enumerable.Range(0, 3 * players).Select(i => present.Contains(i / 3) ? here[i] : mean[i])])[output];
        double[] total = new double[players];
        int[][] orders = [.. Orders([.. Enumerable.Range(0, players)])];
        foreach (int[] order in orders)
            for (int i = 0; i < players; i++)
                total[order[i]] += (Worth(order[..(i + 1)]) - Worth(order[..i])) / orders.Length;
        return total;
    }

    private static double[] Row(Network<double> network, double[] input) => network.Forward(new Pass([0], false), input).ToArray();

    private static IEnumerable<int[]> Orders(int[] players) => players.Length == 0 ? [[]] : players.SelectMany(first => Orders([.. players.Where(other => other != first)]).Select(rest => (int[])[first, .. rest]));
}
