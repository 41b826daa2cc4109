namespace SoraHpc.Jobs.Finance;

/// <summary>
/// What Black's and Scholes' formula needs of an option, at a moment, that does not depend on the scenario. With w = 1 for a call and −1 for
/// a put, x the factor's logarithmic return since today and S its price, the value is w·(S·Φ(w·d₁) − K·Φ(w·d₂)), K discounted.
/// </summary>
/// <remarks>Source: Black and Scholes, The Pricing of Options and Corporate Liabilities, Journal of Political Economy 81 (1973).</remarks>
internal readonly struct OptionTerm
{
    // Of σ√τ: at its expiry an option is worth what exercising it brings, to this part of the price.
    private const double LeastDeviation = 1e-8;

    /// <summary>w·d₁ is Offset + Slope·x, and w·d₂ is w·d₁ − Width.</summary>
    internal readonly double Offset, Slope, Width;

    /// <summary>Strike, discounted [money].</summary>
    internal readonly double Strike;

    /// <summary>w times the quantity.</summary>
    internal readonly double Weight;

    /// <summary>The factor it is on.</summary>
    internal readonly long Factor;

    /// <param name="ahead">Time from today [years]; past its expiry an option is worth what it would bring then.</param>
    internal OptionTerm(in OptionContract option, Portfolio portfolio, double ahead)
    {
        double left = Math.Max(option.Expiry - ahead, 0), sign = option.IsCall ? 1 : -1;
        double deviation = Math.Max(option.Volatility * Math.Sqrt(left), LeastDeviation);
        Strike = option.Strike * Elementary.Exp(-portfolio.Rate * left);
        Offset = sign * (Elementary.Log(portfolio.Spots[option.Factor] / Strike) / deviation + 0.5 * deviation);
        (Slope, Width, Weight, Factor) = (sign / deviation, sign * deviation, sign * option.Quantity, option.Factor);
    }

    internal static OptionTerm[] Of(Portfolio portfolio, double ahead) => Array.ConvertAll(portfolio.Options, option => new OptionTerm(option, portfolio, ahead));
}
