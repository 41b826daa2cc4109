using SoraHpc.Solvers.RandomNumbers;

namespace SoraHpc.Jobs.Finance;

/// <summary>
/// Risk in closed form, as if every option were its delta's worth of its factor and returns were normal: exact for a portfolio without
/// options under <see cref="ReturnModel.Normal"/>, the usual first approximation for others.
/// </summary>
/// <remarks>Source: RiskMetrics, Technical Document, 4th edition (1996), section 1.2; the shortfall of a normal loss is σ·φ(z)/(1 − level).</remarks>
internal static class DeltaNormal
{
    internal static double ValueAtRisk(Portfolio portfolio, FactorModel model, double level) => Deviation(portfolio, model) * NormalQuantile.Of(level);

    internal static double Shortfall(Portfolio portfolio, FactorModel model, double level)
    {
        double z = NormalQuantile.Of(level);
        return Deviation(portfolio, model) * Elementary.Exp(-0.5 * z * z) / (Math.Sqrt(2 * Math.PI) * (1 - level));
    }

    // Of the loss.
    private static double Deviation(Portfolio portfolio, FactorModel model)
    {
        double[] exposures = new double[portfolio.Factors];
        for (int i = 0; i < exposures.Length; i++)
            exposures[i] = portfolio.Holdings[i] * portfolio.Spots[i];
        foreach (OptionTerm term in OptionTerm.Of(portfolio, ahead: 0))
            exposures[term.Factor] += term.Weight * NormalDistribution.Of(term.Offset) * portfolio.Spots[term.Factor];
        return model.Deviation(exposures);
    }
}
