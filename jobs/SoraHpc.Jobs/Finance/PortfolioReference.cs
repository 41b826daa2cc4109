using MathNet.Numerics;
using SoraHpc.Solvers.RandomNumbers;

namespace SoraHpc.Jobs.Finance;

/// <summary>The plain definition: one scenario after another, the formula as it is printed. The tests' oracle.</summary>
public static class PortfolioReference
{
    /// <summary>The loss [money] in one scenario.</summary>
    public static double Loss(Portfolio portfolio, FinanceOptions options, long scenario)
    {
        double horizon = options.Days / FinanceOptions.DaysPerYear;
        double[,] lower = Cholesky(portfolio.Correlation);
        double[] prices = new double[portfolio.Factors];
        for (int i = 0; i < prices.Length; i++)
        {
            double y = 0, deviation = portfolio.Volatilities[i] * Math.Sqrt(horizon);
            for (int j = 0; j <= i; j++)
                y += lower[i, j] * new RandomSequence(options.Seed, (ulong)j).NormalAt(scenario);
            prices[i] = portfolio.Spots[i] * (options.Returns == ReturnModel.Normal ? 1 + deviation * y : Math.Exp(deviation * y - 0.5 * deviation * deviation));
        }
        return Value(portfolio, portfolio.Spots, 0) - Value(portfolio, prices, horizon);
    }

    /// <summary>What the portfolio is worth [money] at given prices of the factors.</summary>
    /// <param name="ahead">Time from today [years].</param>
    public static double Value(Portfolio portfolio, double[] prices, double ahead)
    {
        double value = 0;
        for (int i = 0; i < prices.Length; i++)
            value += portfolio.Holdings[i] * prices[i];
        foreach (OptionContract option in portfolio.Options)
            value += option.Quantity * Price(option, prices[option.Factor], portfolio.Rate, option.Expiry - ahead);
        return value;
    }

    /// <summary>Black's and Scholes' price of a unit [money].</summary>
    /// <param name="left">Time to expiry [years]; 0 or less: what exercising brings.</param>
    public static double Price(OptionContract option, double spot, double rate, double left)
    {
        if (left <= 0)
            return Math.Max(option.IsCall ? spot - option.Strike : option.Strike - spot, 0);
        double deviation = option.Volatility * Math.Sqrt(left), strike = option.Strike * Math.Exp(-rate * left);
        double d1 = Math.Log(spot / strike) / deviation + deviation / 2, d2 = d1 - deviation;
        return option.IsCall ? spot * Phi(d1) - strike * Phi(d2) : strike * Phi(-d2) - spot * Phi(-d1);
    }

    private static double Phi(double x) => 0.5 * SpecialFunctions.Erfc(-x / Math.Sqrt(2));

    private static double[,] Cholesky(double[,] matrix)
    {
        int order = matrix.GetLength(0);
        double[,] lower = new double[order, order];
        for (int row = 0; row < order; row++)
            for (int column = 0; column <= row; column++)
            {
                double sum = matrix[row, column];
                for (int k = 0; k < column; k++)
                    sum -= lower[row, k] * lower[column, k];
                lower[row, column] = row == column ? Math.Sqrt(sum) : sum / lower[column, column];
            }
        return lower;
    }
}
