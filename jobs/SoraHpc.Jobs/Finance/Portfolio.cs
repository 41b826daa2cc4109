namespace SoraHpc.Jobs.Finance;

/// <summary>
/// What is held, and the market it is priced in: risk factors (prices of shares, indices, currencies) that move together, units of them
/// held, and European options on them.
/// </summary>
public sealed record Portfolio
{
    /// <summary>Riskless interest rate, continuously compounded [1/year].</summary>
    public double Rate { get; init; }

    /// <summary>Names of the factors.</summary>
    public required string[] Names { get; init; }

    /// <summary>Price of every factor today [money], > 0.</summary>
    public required double[] Spots { get; init; }

    /// <summary>Volatility of every factor's price [1/√year], > 0.</summary>
    public required double[] Volatilities { get; init; }

    /// <summary>Correlation of the factors' logarithmic returns, shape (factors, factors), symmetric and positive definite with ones on the diagonal.</summary>
    public required double[,] Correlation { get; init; }

    /// <summary>Units of every factor held, negative for sold.</summary>
    public required double[] Holdings { get; init; }

    /// <summary>Options held or written; possibly none.</summary>
    public OptionContract[] Options { get; init; } = [];

    /// <summary>Number of factors.</summary>
    public int Factors => Spots.Length;
}
