using MathNet.Numerics.Providers.LinearAlgebra;
using SoraHpc.Diagnostics;

namespace SoraHpc.Jobs.Finance;

/// <summary>How the factors move over the horizon: a scenario's returns are <see cref="Mixing"/> times as many independent normal numbers, plus <see cref="Drift"/>.</summary>
internal sealed class FactorModel
{
    /// <exception cref="SoraException">The correlation is not positive definite.</exception>
    internal FactorModel(Portfolio portfolio, double horizon, ReturnModel returns)
    {
        int factors = portfolio.Factors;
        double[] lower = Factor(portfolio);
        (Mixing, Drift) = (new double[factors * factors], new double[factors]);
        for (int row = 0; row < factors; row++)
        {
            double deviation = portfolio.Volatilities[row] * Math.Sqrt(horizon);
            for (int column = 0; column <= row; column++)
                Mixing[row * factors + column] = deviation * lower[column * factors + row];
            Drift[row] = returns == ReturnModel.Lognormal ? -0.5 * deviation * deviation : 0;
        }
    }

    /// <summary>diag(σ√h)·L with L·Lᵀ the correlation, shape (factors, factors) in rows; zero above the diagonal.</summary>
    internal double[] Mixing { get; }

    /// <summary>What is added to every factor's return.</summary>
    internal double[] Drift { get; }

    /// <summary>Standard deviation of Σ exposureᵢ·returnᵢ.</summary>
    internal double Deviation(ReadOnlySpan<double> exposures)
    {
        double variance = 0;
        for (int column = 0; column < exposures.Length; column++)
        {
            double sum = 0;
            for (int row = column; row < exposures.Length; row++)
                sum += exposures[row] * Mixing[row * exposures.Length + column];
            variance += sum * sum;
        }
        return Math.Sqrt(variance);
    }

    // By columns. The managed provider whatever library MathNet otherwise runs on: the last bits of native ones depend on the processor
    // and on their threads, and with them every scenario's would.
    private static double[] Factor(Portfolio portfolio)
    {
        if (TryFactor(portfolio, portfolio.Factors) is { } lower)
            return lower;
        int good = 0, bad = portfolio.Factors;
        while (bad - good > 1)
        {
            int middle = (good + bad) / 2;
            (good, bad) = TryFactor(portfolio, middle) is null ? (good, middle) : (middle, bad);
        }
        throw new SoraException($"the correlation is not positive definite: factor {bad - 1} ({portfolio.Names[bad - 1]}) does not go with those before it; take it out or correct its row");
    }

    private static double[]? TryFactor(Portfolio portfolio, int order)
    {
        double[] matrix = new double[order * order];
        for (int row = 0; row < order; row++)
            for (int column = 0; column < order; column++)
                matrix[column * order + row] = portfolio.Correlation[row, column];
        try
        {
            ManagedLinearAlgebraProvider.Instance.CholeskyFactor(matrix, order);
            return matrix;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
