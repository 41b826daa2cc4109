using SoraHpc.Solvers.RandomNumbers;

namespace SoraHpc.Jobs.Finance;

/// <summary>Makes a portfolio to start from.</summary>
public static class PortfolioData
{
    private const int Sectors = 4;

    /// <summary>
    /// Factors that follow one market and one of four sectors, at prices of about 50 to 150 and volatilities of 0.15 to 0.45; some of each held or
    /// sold; calls and puts on them, bought and written, struck within a fifth of the price and running for a month to two years.
    /// </summary>
    /// <param name="factors">≥ 1.</param>
    /// <param name="options">≥ 0.</param>
    /// <param name="seed">The same seed makes the same portfolio anywhere.</param>
    public static Portfolio Make(int factors, int options, ulong seed = 1)
    {
        RandomSequence market = new(seed, 0), contracts = new(seed, 1);
        double Draw(int factor, int quantity, double least, double most) => least + (most - least) * market.UniformAt(8L * factor + quantity);
        double[] spots = new double[factors], volatilities = new double[factors], holdings = new double[factors];
        double[] toMarket = new double[factors], toSector = new double[factors];
        for (int i = 0; i < factors; i++)
        {
            (spots[i], volatilities[i], holdings[i]) = (Draw(i, 0, 50, 150), Draw(i, 1, 0.15, 0.45), Math.Round(Draw(i, 2, -500, 1000)));
            (toMarket[i], toSector[i]) = (Draw(i, 3, 0.4, 0.8), Draw(i, 4, 0.1, 0.5));      // squares add up to less than 1
        }
        double[,] correlation = new double[factors, factors];
        for (int i = 0; i < factors; i++)
            for (int j = 0; j < factors; j++)
                correlation[i, j] = i == j ? 1 : toMarket[i] * toMarket[j] + (i % Sectors == j % Sectors ? toSector[i] * toSector[j] : 0);
        return new Portfolio
        {
            Rate = 0.03, Names = [.. Enumerable.Range(0, factors).Select(i => $"F{i:000}")], Spots = spots, Volatilities = volatilities,
            Correlation = correlation, Holdings = holdings, Options = [.. Enumerable.Range(0, options).Select(i => Contract(contracts, i, spots, volatilities))],
        };
    }

    private static OptionContract Contract(RandomSequence random, int number, double[] spots, double[] volatilities)
    {
        double Draw(int quantity, double least, double most) => least + (most - least) * random.UniformAt(8L * number + quantity);
        int factor = (int)Draw(0, 0, spots.Length);
        return new(factor, Draw(1, 0, 1) < 0.5, Math.Round(spots[factor] * Draw(2, 0.8, 1.2), 2), Draw(3, 1.0 / 12, 2), volatilities[factor] * Draw(4, 0.9, 1.1), Math.Round(Draw(5, -400, 600)));
    }
}
