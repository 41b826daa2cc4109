using NUnit.Framework;
using SoraHpc.Diagnostics;
using SoraHpc.Jobs.Finance;

namespace SoraHpc.Tests.Finance;

public sealed class ScenarioKernelTests
{
    private static readonly FinanceOptions TenDays = new() { DataFile = "" }, TwoYears = new() { DataFile = "", Days = 504, Seed = 7 };

    // A price of about 100 and a quantity of about 300 for every option, each computed with an error of some units in the last place
    // of the larger of price and strike: 100 units for all of it is far above what was seen (9), and far below any wrong formula.
    [Test]
    public void Losses_are_those_of_the_plain_definition([Values(1, 3, 20)] int factors, [Values(0, 1, 50)] int contracts, [Values] bool longHorizon)
    {
        FinanceOptions options = longHorizon ? TwoYears : TenDays;      // over two years all options expire on the way
        Portfolio portfolio = PortfolioData.Make(factors, contracts, seed: 5);
        double gross = portfolio.Holdings.Zip(portfolio.Spots, (units, price) => Math.Abs(units) * price).Sum() + portfolio.Options.Sum(option => Math.Abs(option.Quantity) * 100);

        double[] losses = Portfolios.Losses(portfolio, options, first: 1000, count: 203);

        for (int i = 0; i < losses.Length; i++)
            Assert.That(losses[i], Is.EqualTo(PortfolioReference.Loss(portfolio, options, 1000 + i)).Within(gross * 100 / (1L << 52)));
    }

    [Test]
    public void Normal_returns_are_those_of_the_plain_definition()
    {
        Portfolio portfolio = PortfolioData.Make(6, 0);
        FinanceOptions options = TenDays with { Returns = ReturnModel.Normal };

        double[] losses = Portfolios.Losses(portfolio, options, first: 0, count: 100);

        for (int i = 0; i < losses.Length; i++)
            Assert.That(losses[i], Is.EqualTo(PortfolioReference.Loss(portfolio, options, i)).Within(1e-8));
    }

    // Hull, Options, Futures, and Other Derivatives (8th ed.), example 14.6: call 4.76, put 0.81 at S 42, K 40, r 0.1, σ 0.2, half a year.
    [TestCase(true, 4.7594223929)]
    [TestCase(false, 0.8085993729)]
    public void Present_value_is_the_published_price(bool isCall, double expected)
    {
        Portfolio portfolio = Portfolios.Single(0, new OptionContract(0, isCall, 40, 0.5, 0.2, 1)) with { Rate = 0.1, Spots = [42] };

        using ScenarioKernel kernel = Portfolios.Kernel(portfolio, TenDays);

        Assert.That(kernel.PresentValue, Is.EqualTo(expected).Within(5e-11));
    }

    // A call bought and a put written is the share less the discounted strike, in every scenario; also far from the strike, and at it.
    [TestCase(1.0)]
    [TestCase(60.0)]
    [TestCase(100.0)]
    [TestCase(400.0)]
    [TestCase(10_000.0)]
    public void Puts_and_calls_keep_parity(double strike)
    {
        OptionContract call = new(0, true, strike, 0.7, 0.25, 1), put = call with { IsCall = false, Quantity = -1 };
        double interest = strike * (Math.Exp(-0.03 * (0.7 - TenDays.Days / 252)) - Math.Exp(-0.03 * 0.7));

        double[] both = Portfolios.Losses(Portfolios.Single(0, call, put), TenDays, 0, 256), share = Portfolios.Losses(Portfolios.Single(1), TenDays, 0, 256);

        Assert.That(both, Is.EqualTo(share.Select(loss => loss + interest)).Within(Math.Max(strike, 100) * 20 / (1L << 52)));
    }

    [Test]
    public void A_loss_has_the_same_bits_whatever_is_computed_with_it([Values(1, 7, 16, 31, 128, 129)] int count, [Values(0, 5, 16, 250)] int first)
    {
        Portfolio portfolio = PortfolioData.Make(4, 9);

        double[] some = Portfolios.Losses(portfolio, TenDays, first, count), all = Portfolios.Losses(portfolio, TenDays, 0, 400);

        Assert.That(some, Is.EqualTo(all.Skip(first).Take(count)).AsCollection);
    }

    [Test]
    public void Computing_allocates_nothing()
    {
        using ScenarioKernel kernel = Portfolios.Kernel(PortfolioData.Make(4, 9), TenDays);
        double[] losses = new double[1000];
        kernel.Compute(0, losses);
        long before = GC.GetAllocatedBytesForCurrentThread();

        kernel.Compute(1000, losses);

        Assert.That(GC.GetAllocatedBytesForCurrentThread(), Is.EqualTo(before));
    }

    [Test]
    public void Bits_are_the_same_on_any_host()
    {
        double[] losses = Portfolios.Losses(PortfolioData.Make(5, 20), TenDays, 0, 1000);

        ulong mixed = losses.Aggregate(0UL, (sum, loss) => ulong.RotateLeft(sum, 7) * 0x9E3779B97F4A7C15 ^ BitConverter.DoubleToUInt64Bits(loss));

        Assert.That(mixed, Is.EqualTo(6318002827401869120UL));
    }

    [Test]
    public void Simulated_returns_have_the_volatilities_and_correlations_asked_for()
    {
        const int Scenarios = 200_000;
        Portfolio pair = PortfolioData.Make(2, 0) with { Correlation = new double[,] { { 1, -0.6 }, { -0.6, 1 } }, Volatilities = [0.2, 0.5], Spots = [1, 1] };
        FinanceOptions options = TenDays with { Returns = ReturnModel.Normal };

        double[] first = Portfolios.Losses(pair with { Holdings = [-1, 0] }, options, 0, Scenarios), second = Portfolios.Losses(pair with { Holdings = [0, -1] }, options, 0, Scenarios);

        double deviation = Math.Sqrt(10.0 / 252), correlation = first.Zip(second, (a, b) => a * b).Average() / (0.2 * 0.5 * deviation * deviation);
        // Five standard errors: of a variance √(2/n), of a correlation (1 + ρ²)½/√n.
        Assert.That(first.Average(a => a * a) / (0.04 * deviation * deviation), Is.EqualTo(1).Within(5 * Math.Sqrt(2.0 / Scenarios)));
        Assert.That(second.Average(a => a * a) / (0.25 * deviation * deviation), Is.EqualTo(1).Within(5 * Math.Sqrt(2.0 / Scenarios)));
        Assert.That(correlation, Is.EqualTo(-0.6).Within(5 * Math.Sqrt(1.36 / Scenarios)));
    }

    [Test]
    public void A_correlation_that_is_none_is_told_with_the_factor()
    {
        Portfolio portfolio = PortfolioData.Make(5, 0);
        double[,] impossible = (double[,])portfolio.Correlation.Clone();
        impossible[3, 1] = impossible[1, 3] = -0.95;

        SoraException failure = Assert.Throws<SoraException>(() => _ = new FactorModel(portfolio with { Correlation = impossible }, 1, ReturnModel.Lognormal))!;

        Assert.That(failure.Message, Does.Contain("not positive definite: factor 3 (F003)"));
    }
}
