using System.Numerics;
using SoraHpc.Learning.Training;

namespace SoraHpc.Learning.Regression;

/// <summary>Training over all samples at once by limited-memory BFGS: for models whose loss has one lowest place, and to end what steps by batches began.</summary>
/// <remarks>Every rank holds all parameters and does the same arithmetic on the same gradient: the same bits on any number of ranks. Source: Nocedal and
/// Wright, Numerical Optimization, 2nd edition (2006), algorithms 7.4 and 3.5 with bisection.</remarks>
public static class Lbfgs
{
    private const int Pairs = 10, MostTrials = 60;
    private const double Decrease = 1e-4, Curvature = 0.9;

    /// <summary>Minimises the mean loss with penalty; the trainer's network takes the best values. Collective.</summary>
    /// <param name="trainer">What is trained; its optimiser and rate are not used.</param>
    /// <param name="tolerance">Largest slope to end with, > 0.</param>
    /// <param name="iterations">Most iterations.</param>
    /// <returns>Iterations taken, loss, and largest slope; it may be above <paramref name="tolerance"/> where rounding allows no less, or iterations were too few.</returns>
    public static (int Iterations, double Loss, double LargestSlope) Minimise<T>(Trainer<T> trainer, double tolerance = 1e-8, int iterations = 500) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        List<(double[] Step, double[] Change, double Inverse)> pairs = [];
        double[] x = Values(trainer), slope = new double[x.Length];
        double loss = Look(trainer, x, slope);
        int iteration = 0;
        for (; iteration < iterations && slope.Max(Math.Abs) > tolerance; iteration++)
        {
            double[] direction = DirectionOf(slope, pairs);
            if (Dot(direction, slope) >= 0)
            {
                pairs.Clear();
                direction = [.. slope.Select(value => -value)];
            }
            double length = pairs.Count > 0 ? 1 : Math.Min(1, 1 / slope.Sum(Math.Abs));
            if (Search(trainer, x, loss, slope, direction, length) is not { } found)
                break;                                          // no lower place can be told from this one
            double[] step = Difference(found.X, x), change = Difference(found.Slope, slope);
            double product = Dot(step, change);
            if (product > 0)
                pairs.Add((step, change, 1 / product));
            if (pairs.Count > Pairs)
                pairs.RemoveAt(0);
            (x, loss, slope) = found;
        }
        loss = Look(trainer, x, slope);
        return (iteration, loss, slope.Max(Math.Abs));
    }

    // Two loops over the pairs: the inverse Hessian they describe, times the slope.
    private static double[] DirectionOf(double[] slope, List<(double[] Step, double[] Change, double Inverse)> pairs)
    {
        double[] direction = [.. slope.Select(value => -value)], shares = new double[pairs.Count];
        for (int i = pairs.Count - 1; i >= 0; i--)
        {
            shares[i] = pairs[i].Inverse * Dot(pairs[i].Step, direction);
            AddScaled(direction, -shares[i], pairs[i].Change);
        }
        if (pairs.Count > 0)
        {
            double scale = 1 / (pairs[^1].Inverse * Dot(pairs[^1].Change, pairs[^1].Change));
            for (int i = 0; i < direction.Length; i++)
                direction[i] *= scale;
        }
        for (int i = 0; i < pairs.Count; i++)
            AddScaled(direction, shares[i] - pairs[i].Inverse * Dot(pairs[i].Change, direction), pairs[i].Step);
        return direction;
    }

    // A length that lowers the loss enough and at which the slope along the line is flat enough (the weak Wolfe conditions).
    private static (double[] X, double Loss, double[] Slope)? Search<T>(Trainer<T> trainer, double[] x, double loss, double[] slope, double[] direction, double length) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double along = Dot(slope, direction), lower = 0, upper = double.PositiveInfinity;
        for (int trial = 0; trial < MostTrials; trial++)
        {
            double[] next = [.. x], nextSlope = new double[x.Length];
            AddScaled(next, length, direction);
            double nextLoss = Look(trainer, next, nextSlope);
            if (!(nextLoss <= loss + Decrease * length * along))
                upper = length;
            else if (Dot(nextSlope, direction) < Curvature * along)
                lower = length;
            else
                return (next, nextLoss, nextSlope);
            length = double.IsInfinity(upper) ? 2 * length : 0.5 * (lower + upper);
        }
        return null;
    }

    private static double Look<T>(Trainer<T> trainer, double[] x, double[] slope) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Span<T> values = trainer.Network.Values.Span;
        for (int i = 0; i < x.Length; i++)
            values[i] = T.CreateTruncating(x[i]);
        double loss = trainer.FullGradient();
        Span<T> gradient = trainer.Network.Gradients.Span;
        for (int i = 0; i < slope.Length; i++)
            slope[i] = double.CreateTruncating(gradient[i]);
        return loss;
    }

    private static double[] Values<T>(Trainer<T> trainer) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Array.ConvertAll(trainer.Network.Values.ToArray(), double.CreateTruncating);

    private static double[] Difference(double[] a, double[] b) => [.. a.Zip(b, (x, y) => x - y)];

    private static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }

    private static void AddScaled(double[] sum, double factor, double[] x)
    {
        for (int i = 0; i < sum.Length; i++)
            sum[i] += factor * x[i];
    }
}
