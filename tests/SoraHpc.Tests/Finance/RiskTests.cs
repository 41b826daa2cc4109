using NUnit.Framework;
using SoraHpc.Communication.Threads;
using SoraHpc.Jobs.Finance;
using SoraHpc.Solvers.RandomNumbers;
using SoraHpc.Solvers.Sorting;

namespace SoraHpc.Tests.Finance;

/// <summary>Risk measures against distributions whose quantiles are known.</summary>
public sealed class RiskTests
{
    private const int Scenarios = 200_000;

    [Test]
    public void Measures_of_a_few_losses_are_those_found_by_hand()
    {
        // Of 20 losses 1 … 20 at 75 %: the 15th; the worst five have mean 18.
        double[] losses = [.. Enumerable.Range(1, 20).Select(loss => (double)((loss * 7) % 20 + 1))];

        RiskMeasures risk = Measure(losses, 0.75);

        Assert.That(risk.ValueAtRisk, Is.EqualTo(15));
        Assert.That(risk.Shortfall, Is.EqualTo(18).Within(1e-13));
        Assert.That(risk.Mean, Is.EqualTo(10.5));
        Assert.That(risk.Deviation, Is.EqualTo(Math.Sqrt(35)).Within(1e-14));
        Assert.That(risk.Worst, Is.EqualTo(20));
    }

    // With a part of a loss at the level: (17 + 18 + 19 + 20 + 0.6·16) / 4.6.
    [Test]
    public void Shortfall_takes_of_the_loss_at_the_level_the_part_beyond_it() =>
        Assert.That(Measure([.. Enumerable.Range(1, 20).Select(loss => (double)loss)], 0.77).Shortfall, Is.EqualTo(83.6 / 4.6).Within(1e-13));

    [TestCase(1_000_000, 0.99, new long[] { 989_999, 989_803, 990_196, 999_999 })]
    [TestCase(1000, 0.95, new long[] { 949, 935, 964, 999 })]
    [TestCase(20, 0.5, new long[] { 9, 4, 15, 19 })]
    public void Places_are_those_of_the_binomial_law(long scenarios, double level, long[] expected) =>
        Assert.That(RiskMeasures.Places(scenarios, level), Is.EqualTo(expected).AsCollection);

    [Test]
    public void A_linear_portfolio_has_the_normal_risk([Values(0.95, 0.99, 0.01)] double level)
    {
        Portfolio portfolio = PortfolioData.Make(20, 0);
        FinanceOptions options = new() { DataFile = "", Returns = ReturnModel.Normal, Seed = 3 };
        FactorModel model = new(portfolio, options.Horizon, options.Returns);
        double z = NormalQuantile.Of(level), exact = DeltaNormal.ValueAtRisk(portfolio, model, level), deviation = exact / z;

        RiskMeasures risk = Measure(Portfolios.Losses(portfolio, options, 0, Scenarios), level);

        // Four standard errors, which for a quantile are √(level·(1 − level)/n) over the density there.
        double error = Math.Sqrt(level * (1 - level) / Scenarios) / (Math.Exp(-0.5 * z * z) / Math.Sqrt(2 * Math.PI) / deviation);
        Assert.That(risk.ValueAtRisk, Is.EqualTo(exact).Within(4 * error));
        Assert.That((risk.To - risk.From) / (2 * 1.96 * error), Is.EqualTo(1).Within(0.2));
        Assert.That(risk.Shortfall, Is.EqualTo(DeltaNormal.Shortfall(portfolio, model, level)).Within(4 * risk.ShortfallError));
        Assert.That(risk.Mean, Is.Zero.Within(4 * deviation / Math.Sqrt(Scenarios)));
        Assert.That(risk.Deviation, Is.EqualTo(deviation).Within(4 * deviation / Math.Sqrt(2.0 * Scenarios)));
    }

    // Of one factor, a portfolio that only gains when it rises loses most when it falls most: its quantile is its value at the price's.
    [Test]
    public void A_monotone_portfolio_of_options_has_the_risk_of_its_factors_quantile([Values(0.95, 0.99)] double level)
    {
        Portfolio portfolio = Portfolios.Single(50, new OptionContract(0, true, 105, 0.5, 0.28, 300), new OptionContract(0, false, 90, 0.02, 0.35, -200));
        FinanceOptions options = new() { DataFile = "", Level = level };
        double deviation = 0.3 * Math.Sqrt(options.Horizon);
        double LossAt(double probability) => PortfolioReference.Value(portfolio, [100], 0)
            - PortfolioReference.Value(portfolio, [100 * Math.Exp(-deviation * NormalQuantile.Of(probability) - deviation * deviation / 2)], options.Horizon);

        RiskMeasures risk = Measure(Portfolios.Losses(portfolio, options, 0, Scenarios), level);

        double four = 4 * Math.Sqrt(level * (1 - level) / Scenarios);
        Assert.That(risk.ValueAtRisk, Is.InRange(LossAt(level - four), LossAt(level + four)));
        double tail = Enumerable.Range(0, 100_000).Average(i => LossAt(level + (1 - level) * (i + 0.5) / 100_000));
        Assert.That(risk.Shortfall, Is.EqualTo(tail).Within(4 * risk.ShortfallError));
    }

    [Test]
    public void The_closed_form_takes_an_option_for_its_delta([Values] bool isCall, [Values(80, 100, 130)] double strike)
    {
        const double Bump = 1e-3, Level = 0.99;
        Portfolio portfolio = Portfolios.Single(0, new OptionContract(0, isCall, strike, 0.5, 0.28, -300));
        FactorModel model = new(portfolio, horizon: 0.04, ReturnModel.Lognormal);
        double delta = (PortfolioReference.Value(portfolio, [100 + Bump], 0) - PortfolioReference.Value(portfolio, [100 - Bump], 0)) / (2 * Bump);

        double risk = DeltaNormal.ValueAtRisk(portfolio, model, Level);

        Assert.That(risk, Is.EqualTo(2.3263478740408408 * 0.3 * 0.2 * 100 * Math.Abs(delta)).Within(1e-6).Percent);
    }

    // Of 400 runs 95 % should hold the true value: 380 ± 4.4, so 358 to 400 is five deviations.
    [Test]
    public void The_confidence_interval_holds_the_true_value_as_often_as_it_says()
    {
        Portfolio portfolio = Portfolios.Single(1);
        const double Level = 0.975;
        int held = 0;
        for (ulong seed = 0; seed < 400; seed++)
        {
            FinanceOptions options = new() { DataFile = "", Returns = ReturnModel.Normal, Seed = seed };
            double exact = DeltaNormal.ValueAtRisk(portfolio, new FactorModel(portfolio, options.Horizon, options.Returns), Level);
            RiskMeasures risk = Measure(Portfolios.Losses(portfolio, options, 0, 2000), Level);
            held += risk.From <= exact && exact <= risk.To ? 1 : 0;
        }
        Assert.That(held, Is.InRange(358, 399));
    }

    [TestCase(0.0)]
    [TestCase(-0.0)]
    [TestCase(1.5)]
    [TestCase(-1e300)]
    [TestCase(double.Epsilon)]
    [TestCase(double.NegativeInfinity)]
    public void A_key_gives_its_number_back(double number) =>
        Assert.That(BitConverter.DoubleToInt64Bits(FloatKey.ToDouble(FloatKey.Of(in number))), Is.EqualTo(BitConverter.DoubleToInt64Bits(number)));

    private static RiskMeasures Measure(double[] losses, double level)
    {
        RiskMeasures? risk = null;
        ThreadWorld.Run(1, world => risk = RiskMeasures.Of(world, losses, losses.Length, level));
        return risk!;
    }
}
