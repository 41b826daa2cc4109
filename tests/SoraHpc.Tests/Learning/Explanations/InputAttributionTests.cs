using NUnit.Framework;
using SoraHpc.Communication.Threads;
using SoraHpc.Diagnostics;
using SoraHpc.Learning.Blocks;
using SoraHpc.Learning.Explanations;
using SoraHpc.Learning.Models;
using SoraHpc.Learning.Training;

namespace SoraHpc.Tests.Learning.Explanations;

using Dense = SoraHpc.Learning.Blocks.Dense;      // not the namespace beside this one

public sealed class InputAttributionTests
{
    private const double Rounding = 1e-13;

    [Test]
    public void A_linear_model_has_coefficient_times_difference()
    {
        using Network<double> network = new(new Model(new Shape(4), new Dense(2)), Gradients.Managed, 3);
        double[] sample = Gradients.Normal(4, 1), baseline = Gradients.Normal(4, 2);
        InputAttribution<double> why = new(network, baseline, points: 5);

        foreach (Attribution found in (Attribution[])[why.IntegratedGradients(sample, 1), why.GradientTimesInput(sample, 1)])
        {
            for (int i = 0; i < 4; i++)
                Assert.That(found.Of[i], Is.EqualTo(network.Parameters[0].Values[2 * i + 1] * (sample[i] - baseline[i])).Within(Rounding));
            Assert.That(found.Gap, Is.EqualTo(0).Within(Rounding));
        }
        Assert.That(network.Gradients.ToArray(), Is.All.Zero);
    }

    // Along a straight line from 0, tanh(w·αx) has the integral tanh(w·x)/(w·x) of its slope: wᵢxᵢ·tanh(w·x)/(w·x).
    [Test]
    public void One_unit_has_its_closed_form()
    {
        using Network<double> network = new(new Model(new Shape(3), new Dense(1), new Activation(ActivationFunction.Tanh)), Gradients.Managed, 16);
        double[] sample = Gradients.Normal(3, 3), weights = network.Parameters[0].Values.ToArray();
        double along = weights.Zip(sample, (w, x) => w * x).Sum();

        Attribution found = new InputAttribution<double>(network, new double[3], 40).IntegratedGradients(sample, 0);

        for (int i = 0; i < 3; i++)
            Assert.That(found.Of[i], Is.EqualTo(weights[i] * sample[i] * Math.Tanh(along) / along).Within(Rounding));
        Assert.That((found.Base, found.Prediction), Is.EqualTo((0.0, Math.Tanh(along))).Using<(double, double)>((a, b) => a.Item1 == b.Item1 && Math.Abs(a.Item2 - b.Item2) < Rounding));
    }

    [Test]
    public void Contributions_sum_to_the_prediction_where_the_network_is_smooth()
    {
        Model model = new(new Shape(6, 6, 1), new Convolution2D(3, 3), new BatchNormalise(), new Activation(ActivationFunction.Tanh), new AveragePooling(2), new Flatten(), new Dropout(0.3), new Dense(4));
        using Network<double> network = new(model, Gradients.Managed, 7);
        InputAttribution<double> why = new(network, Gradients.Normal(36, 5));

        for (int output = 0; output < 4; output++)
        {
            Attribution found = why.IntegratedGradients(Gradients.Normal(36, 6), output);
            Assert.That(found.Base + found.Of.Sum(), Is.EqualTo(found.Prediction).Within(1e-11));
            Assert.That(Math.Abs(why.GradientTimesInput(Gradients.Normal(36, 6), output).Gap), Is.GreaterThan(1e-3));
        }
    }

    // Each unit that switches on the way is a jump of the slope, of which the sum over n points sees the place to within the largest gap between two, below π/2n.
    // The network's slope along the way jumps by less than the sum of |slopes| at both ends of all pieces, which the finer sums bound; 40 units of slope below 1.
    [TestCase(16)]
    [TestCase(256)]
    public void Contributions_sum_to_the_prediction_within_the_error_of_the_sum_where_units_switch(int points)
    {
        Model model = new(new Shape(8), new Dense(40), new Activation(ActivationFunction.Relu), new Dense(1));
        using Network<double> network = new(model, Gradients.Managed, 16);
        double[] sample = Gradients.Normal(8, 7), first = network.Parameters[0].Values.ToArray(), last = network.Parameters[2].Values.ToArray();
        double jumps = Enumerable.Range(0, 40).Sum(unit => Math.Abs(last[unit] * Enumerable.Range(0, 8).Sum(i => first[i * 40 + unit] * (sample[i] + 1))));

        Attribution found = new InputAttribution<double>(network, [.. Enumerable.Repeat(-1.0, 8)], points).IntegratedGradients(sample, 0);

        Assert.That(Math.Abs(found.Gap), Is.LessThan(jumps * Math.PI / (2 * points)));
    }

    [Test]
    public void What_cannot_be_explained_is_told_in_one_line()
    {
        using Network<double> words = new(new Model(new Shape(3), new Embedding(9, 2), new Flatten(), new Dense(1)), Gradients.Managed), row = new(new Model(new Shape(3), new Dense(1)), Gradients.Managed);

        Assert.That(() => new InputAttribution<double>(words, new double[3]), Throws.TypeOf<UsageException>().With.Message.Contains("reads words, which have no direction to move in"));
        Assert.That(() => new InputAttribution<double>(row, new double[3], 1), Throws.TypeOf<UsageException>().With.Message.EqualTo("an integral of 1 points: give 2 or more"));
        Assert.That(() => new InputAttribution<double>(row, new double[2]), Throws.ArgumentException);
        Assert.That(() => new InputAttribution<double>(row, new double[3]).IntegratedGradients(new double[3], 1), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    // Hand-made: relu(x₀) + relu(x₁) + x₂, which adds up, and relu(x₀ + x₁), which does not.
    [TestCase(false)]
    [TestCase(true)]
    public void Features_that_only_add_up_do_not_interact(bool together)
    {
        double[] rows = Gradients.Normal(40 * 3, 8);
        using Network<double> network = new(new Model(new Shape(3), new Dense(3), new Activation(ActivationFunction.Relu), new Dense(1)), Gradients.Managed, 5);
        network.Values.Span.Clear();
        (network.Parameters[0].Values[0], network.Parameters[0].Values[together ? 3 : 4], network.Parameters[0].Values[8]) = (1, 1, 1);
        network.Parameters[2].Values.Fill(1);
        double[,] strength = new double[0, 0];
        ThreadWorld.Run(1, comm => strength = FeatureInteraction.Of(new SampleShare<double>(comm, new SampleTable<double>(new Shape(3), rows, new double[40]), 4, 0, 4), network, 0, [0, 1, 2], 10));

        Assert.That(strength[0, 1], together ? Is.EqualTo(Plain(rows)).Within(1e-12) : Is.EqualTo(0).Within(1e-12));
        Assert.That((strength[0, 2], strength[2, 1], strength[1, 1]), Is.EqualTo((0.0, 0.0, 0.0)).Using<(double, double, double)>((a, b) => Math.Abs(a.Item1) + Math.Abs(a.Item2) + a.Item3 < 1e-12));
        Assert.That(strength[1, 0], Is.EqualTo(strength[0, 1]));
        Assert.That(FeatureInteraction.GraphOf(strength, 1e-3).Edges, Is.EqualTo(together ? 1 : 0));
    }

    // H of relu(x₀ + x₁) by its definition, in three loops.
    private static double Plain(double[] rows)
    {
        double F(double a, double b) => Math.Max(0, a + b);
        (double, double)[] all = [.. Enumerable.Range(0, 40).Select(i => (rows[3 * i], rows[3 * i + 1]))], points = [.. Enumerable.Range(0, 10).Select(i => all[4 * i])];
        double[] both = Centred([.. points.Select(p => F(p.Item1, p.Item2))]), first = Centred([.. points.Select(p => all.Average(row => F(p.Item1, row.Item2)))]), second = Centred([.. points.Select(p => all.Average(row => F(row.Item1, p.Item2)))]);
        return Math.Sqrt(both.Select((value, i) => Math.Pow(value - first[i] - second[i], 2)).Sum() / both.Sum(value => value * value));
    }

    private static double[] Centred(double[] values) => [.. values.Select(value => value - values.Average())];
}
