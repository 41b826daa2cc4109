using SoraHpc.Jobs.Finance;

namespace SoraHpc.Tests.Finance;

/// <summary>Small portfolios, and what kernels make of them.</summary>
internal static class Portfolios
{
    /// <summary>One share held or sold, and options on it.</summary>
    internal static Portfolio Single(double holding, params OptionContract[] options) => new()
    {
        Rate = 0.03, Names = ["A"], Spots = [100], Volatilities = [0.3], Correlation = new double[,] { { 1 } }, Holdings = [holding], Options = options,
    };

    internal static ScenarioKernel Kernel(Portfolio portfolio, FinanceOptions options) =>
        new(portfolio, new FactorModel(portfolio, options.Horizon, options.Returns), options.Horizon, options.Returns, options.Seed);

    internal static double[] Losses(Portfolio portfolio, FinanceOptions options, long first, int count)
    {
        using ScenarioKernel kernel = Kernel(portfolio, options);
        double[] losses = new double[count];
        kernel.Compute(first, losses);
        return losses;
    }
}
