using SoraHpc.Communication;
using SoraHpc.Communication.Reductions;
using SoraHpc.Solvers.RandomNumbers;
using SoraHpc.Solvers.Sorting;

namespace SoraHpc.Jobs.Finance;

/// <summary>What the losses of all scenarios come to: the same bits on every rank, and on any number of them.</summary>
/// <param name="Mean">Mean loss [money].</param>
/// <param name="Deviation">Standard deviation of the losses [money].</param>
/// <param name="Worst">Largest loss [money].</param>
/// <param name="ValueAtRisk">The least loss that is not exceeded in the given part of the scenarios [money].</param>
/// <param name="From">Lower end of its 95 % confidence interval [money].</param>
/// <param name="To">Upper end [money].</param>
/// <param name="Shortfall">Expected shortfall: mean of the losses in the worst 1 − level of the scenarios [money].</param>
/// <param name="ShortfallError">Its standard error [money].</param>
/// <remarks>
/// The confidence interval lies between two losses of the sorted whole and needs no assumption about their distribution: the number of
/// losses below the true quantile is binomial. Expected shortfall is value at risk plus the mean excess over it, divided by 1 − level.
/// Sources: David and Nagaraja, Order Statistics (2003), section 7.1; Rockafellar and Uryasev, Journal of Banking &amp; Finance 26 (2002).
/// </remarks>
public sealed record RiskMeasures(double Mean, double Deviation, double Worst, double ValueAtRisk, double From, double To, double Shortfall, double ShortfallError)
{
    // Of the standard normal distribution, at 97.5 %.
    private const double HalfWidth = 1.959963984540054;

    /// <summary>Finds the places by selection and sums without error. Collective.</summary>
    /// <param name="losses">This rank's losses [money], possibly none; sorted on return.</param>
    /// <param name="scenarios">Losses on all ranks, ≥ 2.</param>
    /// <param name="level">In (0, 1).</param>
    // Traffic: the losses are sorted (six readings and writings at most), then read once.
    public static RiskMeasures Of(Communicator communicator, double[] losses, long scenarios, double level)
    {
        RadixSort.Sort<double, FloatKey>(losses, new double[losses.Length]);
        double[] found = Array.ConvertAll(Selection.KeysAt<double, FloatKey>(communicator, losses, Places(scenarios, level)), FloatKey.ToDouble);
        double valueAtRisk = found[0];
        ExactSum sum = new(), squares = new(), excess = new(), excessSquares = new();
        sum.Add(losses);
        squares.AddProduct(losses, losses);
        for (int i = losses.Length - 1; i >= 0 && losses[i] > valueAtRisk; i--)
        {
            excess.Add(losses[i] - valueAtRisk);
            excessSquares.AddProduct(losses[i] - valueAtRisk, losses[i] - valueAtRisk);
        }
        (double mean, double deviation) = Moments(sum.Allreduce(communicator), squares.Allreduce(communicator), scenarios);
        (double meanExcess, double excessDeviation) = Moments(excess.Allreduce(communicator), excessSquares.Allreduce(communicator), scenarios);
        return new(mean, deviation, found[3], valueAtRisk, found[1], found[2],
            valueAtRisk + meanExcess / (1 - level), excessDeviation / ((1 - level) * Math.Sqrt(scenarios)));
    }

    /// <summary>Places in the sorted losses, from 0: value at risk, both ends of its confidence interval, the worst.</summary>
    internal static long[] Places(long scenarios, double level)
    {
        // As decimal numbers, because 0.95 is a little more than 19/20 and may be meant to be that.
        decimal mean = (decimal)level * scenarios, width = (decimal)(HalfWidth * Math.Sqrt(scenarios * level * (1 - level)));
        long Place(decimal number) => Math.Clamp((long)number - 1, 0, scenarios - 1);
        return [Place(Math.Ceiling(mean)), Place(Math.Floor(mean - width)), Place(Math.Ceiling(mean + width) + 1), scenarios - 1];
    }

    private static (double Mean, double Deviation) Moments(double sum, double squares, long count) =>
        (sum / count, Math.Sqrt(Math.Max(0, squares - sum / count * sum) / (count - 1)));
}
