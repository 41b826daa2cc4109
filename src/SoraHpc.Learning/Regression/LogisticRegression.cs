using System.Globalization;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.Learning.Training;

namespace SoraHpc.Learning.Regression;

/// <summary>Logistic regression by Newton's method, for up to some hundred features; with more, train a dense block by <see cref="Lbfgs"/>.</summary>
public static class LogisticRegression
{
    private const int MostIterations = 50;

    // What a step may still change of the coefficients' largest: quadratic convergence squares it once more.
    private const double Tolerance = 1e-10;

    /// <summary>Fits intercept and coefficients of log-odds: the least Σ v·loss + ½λ‖w‖², with weights v. The same bits on any number of ranks. Collective.</summary>
    /// <param name="communicator">All ranks that have samples.</param>
    /// <param name="samples">Rows of features; the target is 0 or 1, and a weight ≥ 0 behind it where <paramref name="isWeighted"/>. A rank reads its strata.</param>
    /// <param name="penalty">λ ≥ 0.</param>
    /// <param name="isWeighted">Whether a sample's second target is its weight; without, all weights are 1.</param>
    /// <param name="strata">Strata the samples are dealt into, consecutive shares of them to the ranks.</param>
    /// <exception cref="SoraException">It does not converge, because features separate the classes or depend on each other.</exception>
    public static LinearFit Fit(Communicator communicator, ISamples<double> samples, double penalty = 0, int strata = 12, bool isWeighted = false)
    {
        if (samples.Targets != (isWeighted ? 2 : 1))
            throw new UsageException($"logistic regression fits one target{(isWeighted ? " with a weight" : "")}, and samples have {samples.Targets}");
        int order = samples.Shape.Elements + 1;
        Strata cut = new(samples.Count, (int)Math.Min(strata, samples.Count), 1);
        double[] coefficients = new double[order];
        for (int iteration = 0; iteration < MostIterations; iteration++)
        {
            double[] sums = Sums(communicator, samples, cut, coefficients, order);
            for (int i = 1; i < order; i++)
            {
                sums[i] += penalty * coefficients[i];
                sums[order + i * order + i] += penalty;
            }
            double[] factor = Cholesky(sums.AsSpan(order), order), step = Solve(factor, sums.AsSpan(0, order), order);
            for (int i = 0; i < order; i++)
                coefficients[i] -= step[i];
            if (step.Max(Math.Abs) <= Tolerance * coefficients.Max(Math.Abs))
                return new(coefficients, penalty > 0 ? [.. step.Select(_ => double.NaN)] : ErrorsOf(factor, order), double.NaN);
        }
        throw new SoraException(string.Create(CultureInfo.InvariantCulture,
            $"logistic regression did not converge in {MostIterations} steps: its features separate the classes; take a penalty above 0"));
    }

    // Gradient, then Hessian, of every stratum by itself; strata are then added in ascending order.
    private static double[] Sums(Communicator communicator, ISamples<double> samples, Strata strata, double[] coefficients, int order)
    {
        int[] owners = Trainer<double>.EvenOwners(strata.Count, communicator.Size);
        int length = order + order * order;
        double[] own = new double[owners.Count(owner => owner == communicator.Rank) * length], x = new double[order], target = new double[samples.Targets];
        int place = 0;
        for (int stratum = 0; stratum < strata.Count; stratum++)
        {
            if (owners[stratum] != communicator.Rank)
                continue;
            Span<double> sums = own.AsSpan(place++ * length, length);
            for (long index = strata.Begin(stratum); index < strata.Begin(stratum + 1); index++)
            {
                x[0] = 1;
                samples.Read([index], x.AsSpan(1), target);
                AddSample(index, x, target[0], target.Length > 1 ? SampleCheck.Weight(index, target[1]) : 1, coefficients, sums);
            }
        }
        double[] total = new double[length];
        foreach (double[] sums in communicator.Allgatherv<double>(own).Chunk(length))
            Blocks.Elementwise.Add<double>(total, sums);
        return total;
    }

    private static void AddSample(long index, double[] x, double target, double weight, double[] coefficients, Span<double> sums)
    {
        if (target is not (0 or 1))
            throw new SoraException(string.Create(CultureInfo.InvariantCulture, $"sample {index}: {target} is no label; labels are 0 or 1"));
        double logit = 0;
        for (int i = 0; i < x.Length; i++)
            logit += x[i] * coefficients[i];
        if (!double.IsFinite(logit))
            throw new SoraException(string.Create(CultureInfo.InvariantCulture, $"sample {index} has a feature that is no number to learn from, or one too large; clean the data first"));
        double small = Math.Exp(-Math.Abs(logit)), probability = (logit >= 0 ? 1 : small) / (1 + small), bend = weight * small / ((1 + small) * (1 + small));
        for (int i = 0; i < x.Length; i++)
        {
            sums[i] += weight * (probability - target) * x[i];
            for (int j = 0; j <= i; j++)
                sums[x.Length + i * x.Length + j] += bend * x[i] * x[j];
        }
    }

    // Of the lower triangle, row by row.
    private static double[] Cholesky(ReadOnlySpan<double> matrix, int order)
    {
        double[] factor = matrix.ToArray();
        for (int j = 0; j < order; j++)
            for (int i = j; i < order; i++)
            {
                double sum = factor[i * order + j];
                for (int k = 0; k < j; k++)
                    sum -= factor[i * order + k] * factor[j * order + k];
                if (i == j && !(sum > 1e-14 * matrix[j * order + j]))
                    throw new SoraException("logistic regression has no single best answer: features separate the classes or depend on each other; take a penalty above 0");
                factor[i * order + j] = i == j ? Math.Sqrt(sum) : sum / factor[j * order + j];
            }
        return factor;
    }

    private static double[] Solve(double[] factor, ReadOnlySpan<double> right, int order)
    {
        double[] x = right.ToArray();
        for (int i = 0; i < order; i++)
        {
            for (int j = 0; j < i; j++)
                x[i] -= factor[i * order + j] * x[j];
            x[i] /= factor[i * order + i];
        }
        for (int i = order - 1; i >= 0; i--)
        {
            for (int j = i + 1; j < order; j++)
                x[i] -= factor[j * order + i] * x[j];
            x[i] /= factor[i * order + i];
        }
        return x;
    }

    private static double[] ErrorsOf(double[] factor, int order) =>
        [.. Enumerable.Range(0, order).Select(unit => Math.Sqrt(Solve(factor, [.. Enumerable.Range(0, order).Select(i => i == unit ? 1.0 : 0)], order)[unit]))];
}
