using NUnit.Framework;
using SoraHpc.Diagnostics;
using SoraHpc.Learning.Explanations;
using SoraHpc.Learning.Regression;

namespace SoraHpc.Tests.Learning.Explanations;

public sealed class CoefficientTableTests
{
    private static readonly string[] Features = ["prices", "product", "unemployed", "forces", "population", "year"];

    // Coefficients and standard errors: NIST Statistical Reference Datasets, Longley; that they are found is tested beside the regressions.
    private static readonly LinearFit Longley = new([-3482258.63459582, 15.0618722713733, -0.0358191792925910, -2.02022980381683, -1.03322686717359, -0.0511041056535807, 1829.15146461355],
        [890420.383607373, 84.9149257747669, 0.0334910077722432, 0.488399681651699, 0.214274163161675, 0.226073200069370, 455.478499142212], 304.854073561965, 9);

    [Test]
    public void Longley_has_the_t_statistics_probabilities_and_intervals_of_SciPy()
    {
        Coefficient[] table = CoefficientTable.Of(Longley, Features);

        double[] probabilities = [0.0035604036637262282, 0.8631408328092145, 0.31268106109271143, 0.002535091734111225, 0.000944366764161797, 0.8262117957636468, 0.003036803341630311];
        Assert.That(table.Select(each => each.Name), Is.EqualTo((string[])["intercept", .. Features]).AsCollection);
        for (int i = 0; i < table.Length; i++)
        {
            Assert.That(table[i].Statistic, Is.EqualTo(Longley.Coefficients[i] / Longley.StandardErrors[i]));
            Assert.That(table[i].Probability, Is.EqualTo(probabilities[i]).Within(1e-12));
        }
        Assert.That((table[1].Low, table[6].High), Is.EqualTo((-177.0290352936353, 2859.5154139226215)).Using<(double, double)>((a, b) => Math.Abs(a.Item1 - b.Item1) < 1e-6 && Math.Abs(a.Item2 - b.Item2) < 1e-6));
    }

    [Test]
    public void Logistic_coefficients_have_z_statistics()
    {
        Coefficient[] table = CoefficientTable.Of(new([15.04290165, -0.23216274], [7.37863638, 0.10823652], double.NaN, double.PositiveInfinity), ["temperature"]);

        // Source: SciPy; published with fewer digits, z = −2.145 and P = 0.032, for the space shuttle's rings.
        Assert.That(table[1].Statistic, Is.EqualTo(-2.144957542980872).Within(1e-12));
        Assert.That(table[1].Probability, Is.EqualTo(0.03195624175251246).Within(1e-12));
        Assert.That(table[1].Low, Is.EqualTo(-0.4443024210119493).Within(1e-12));
        Assert.That(table[1].High, Is.EqualTo(-0.020023058988050763).Within(1e-12));
    }

    [Test]
    public void A_fit_with_a_penalty_has_values_alone()
    {
        Coefficient[] table = CoefficientTable.Of(new([1, 2], [double.NaN, double.NaN], double.NaN, double.NaN), ["x"]);

        Assert.That((table[1].Value, table[1].Probability, table[1].Low), Is.EqualTo((2.0, double.NaN, double.NaN)));
    }

    [Test]
    public void Wrong_names_and_confidence_are_told_in_one_line()
    {
        Assert.That(() => CoefficientTable.Of(Longley, ["a"]), Throws.TypeOf<UsageException>().With.Message.EqualTo("1 names for 6 features: give each one"));
        Assert.That(() => CoefficientTable.Of(Longley, Features, 1), Throws.TypeOf<UsageException>().With.Message.EqualTo("intervals of confidence 1: give a share between 0 and 1"));
    }
}
