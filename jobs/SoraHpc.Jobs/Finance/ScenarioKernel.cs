using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using SoraHpc.Communication;
using SoraHpc.Solvers.RandomNumbers;

namespace SoraHpc.Jobs.Finance;

/// <summary>
/// Losses of a portfolio in scenarios, eight side by side. Scenario s takes number s of one random sequence a factor, and every lane does the
/// same operations, so a loss has the same bits whichever scenarios are computed with it, on any host.
/// </summary>
internal sealed unsafe class ScenarioKernel : IDisposable
{
    /// <summary>Scenarios that begin at multiples of this cost least.</summary>
    internal const int Alignment = 16;

    // Returns and prices of so many scenarios stay in the second-level cache up to some hundred factors.
    private const int Block = 128, Lanes = 8, Tile = 4 * Lanes;

    private readonly int factors;
    private readonly ulong seed;
    private readonly bool lognormal;
    private readonly double presentOfOptions;
    private readonly double[] mixing, drift, spots, holdings;
    private readonly OptionTerm[] terms;
    private readonly AlignedBuffer<double> returns, prices, losses = new(Block);

    /// <param name="returnModel"><see cref="ReturnModel.Normal"/> only without options, which have no value at prices below 0.</param>
    internal ScenarioKernel(Portfolio portfolio, FactorModel model, double horizon, ReturnModel returnModel, ulong seed)
    {
        (factors, lognormal, this.seed) = (portfolio.Factors, returnModel == ReturnModel.Lognormal, seed);
        (mixing, drift, spots, holdings) = (model.Mixing, model.Drift, portfolio.Spots, portfolio.Holdings);
        (returns, prices) = (new(factors * Block), new(factors * Block));
        terms = OptionTerm.Of(portfolio, horizon);
        foreach (ref readonly OptionTerm term in OptionTerm.Of(portfolio, ahead: 0).AsSpan())
        {
            double value = ValueOf(in term, Vector512<double>.Zero, Vector512.Create(spots[term.Factor])).ToScalar();
            presentOfOptions += term.Weight * value;
        }
        PresentValue = presentOfOptions;
        for (int factor = 0; factor < factors; factor++)
            PresentValue += holdings[factor] * spots[factor];
    }

    /// <summary>What the portfolio is worth today [money].</summary>
    internal double PresentValue { get; }

    /// <summary>Computes the losses [money] of scenarios <paramref name="first"/>, first + 1, …. Allocates nothing.</summary>
    // Per scenario and factor a random number of about 4 ns and factors/2 multiply-adds; per option about 100 vector operations and a
    // division for eight scenarios. All but 8 B a scenario stays in cache: bound by arithmetic.
    internal void Compute(long first, Span<double> into)
    {
        while (!into.IsEmpty)
        {
            int count = Math.Min(Block, into.Length), tiles = (count + Tile - 1) / Tile;
            for (int factor = 0; factor < factors; factor++)
                new RandomSequence(seed, (ulong)factor).FillNormal(first, new Span<double>(returns.Address + factor * Block, tiles * Tile));
            Mix(tiles);
            for (int at = 0; at < tiles * Tile; at += Lanes)
                Revalue(returns.Address + at, prices.Address + at).StoreAligned(losses.Address + at);
            new Span<double>(losses.Address, count).CopyTo(into);
            into = into[count..];
            first += count;
        }
    }

    // Independent numbers become returns in their place: those of a factor need only the numbers up to its own, so the last comes first.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Mix(int tiles)
    {
        for (double* tile = returns.Address, end = tile + tiles * Tile; tile < end; tile += Tile)
            for (int factor = factors - 1; factor >= 0; factor--)
            {
                Vector512<double> sum0 = Vector512.Create(drift[factor]), sum1 = sum0, sum2 = sum0, sum3 = sum0;
                ReadOnlySpan<double> row = mixing.AsSpan(factor * factors, factor + 1);
                double* number = tile;
                foreach (double share in row)
                {
                    Vector512<double> weight = Vector512.Create(share);
                    sum0 = Vector512.FusedMultiplyAdd(weight, Vector512.LoadAligned(number), sum0);
                    sum1 = Vector512.FusedMultiplyAdd(weight, Vector512.LoadAligned(number + Lanes), sum1);
                    sum2 = Vector512.FusedMultiplyAdd(weight, Vector512.LoadAligned(number + 2 * Lanes), sum2);
                    sum3 = Vector512.FusedMultiplyAdd(weight, Vector512.LoadAligned(number + 3 * Lanes), sum3);
                    number += Block;
                }
                double* into = tile + factor * Block;
                sum0.StoreAligned(into);
                sum1.StoreAligned(into + Lanes);
                sum2.StoreAligned(into + 2 * Lanes);
                sum3.StoreAligned(into + 3 * Lanes);
            }
    }

    /// <summary>Losses of eight scenarios, whose returns and prices lie <see cref="Block"/> apart from factor to factor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Vector512<double> Revalue(double* x, double* price)
    {
        Vector512<double> gain = Vector512<double>.Zero;
        for (int factor = 0; factor < factors; factor++)
        {
            Vector512<double> spot = Vector512.Create(spots[factor]), here = Vector512.LoadAligned(x + factor * Block);
            Vector512<double> then = lognormal ? spot * Elementary.Exp(here) : spot + spot * here;
            then.StoreAligned(price + factor * Block);
            gain += (then - spot) * Vector512.Create(holdings[factor]);
        }
        Vector512<double> value = Vector512.Create(-presentOfOptions);
        foreach (ref readonly OptionTerm term in terms.AsSpan())
        {
            long at = term.Factor * Block;
            value = Vector512.FusedMultiplyAdd(Vector512.Create(term.Weight), ValueOf(in term, Vector512.LoadAligned(x + at), Vector512.LoadAligned(price + at)), value);
        }
        return -(gain + value);
    }

    // Of a quantity of w. S·φ(d₁) = K·φ(d₂) with the normal density φ, so one exponential serves both tails; and one division both scales.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> ValueOf(in OptionTerm term, Vector512<double> x, Vector512<double> price)
    {
        Vector512<double> strike = Vector512.Create(term.Strike), furthest = Vector512.Create(NormalDistribution.Furthest), shift = Vector512.Create(NormalDistribution.Shift);
        Vector512<double> d1 = Vector512.FusedMultiplyAdd(x, Vector512.Create(term.Slope), Vector512.Create(term.Offset)), d2 = d1 - Vector512.Create(term.Width);
        Vector512<double> size1 = Vector512.MinNative(Vector512.Abs(d1), furthest), size2 = Vector512.MinNative(Vector512.Abs(d2), furthest);
        Vector512<double> density = price * Elementary.Exp(size1 * size1 * -0.5);
        Vector512<double> scale1 = size1 + shift, scale2 = size2 + shift, inverse = Vector512<double>.One / (scale1 * scale2);
        Vector512<double> tail1 = density * NormalDistribution.ScaledTail(scale2 * inverse), tail2 = density * NormalDistribution.ScaledTail(scale1 * inverse);
        Vector512<double> gets = Vector512.ConditionalSelect(Vector512.GreaterThan(d1, Vector512<double>.Zero), price - tail1, tail1);
        Vector512<double> pays = Vector512.ConditionalSelect(Vector512.GreaterThan(d2, Vector512<double>.Zero), strike - tail2, tail2);
        return gets - pays;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ((IDisposable)returns).Dispose();
        ((IDisposable)prices).Dispose();
        ((IDisposable)losses).Dispose();
    }
}
