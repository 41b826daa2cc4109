using System.Globalization;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.Learning.Training;

namespace SoraHpc.Learning.Regression;

/// <summary>Logistic regression by Newton's method, for up to some hundred features; with more, train a dense block by <see cref="Lbfgs"/>.
/// The same bits on any number of ranks.</summary>
public sealed class LogisticRegression
{
    /// <summary>Steps after which it is given up: Newton's method takes about six where there is an answer.</summary>
    public const int MostSteps = 50;

    // What a step may still change of the coefficients' largest: quadratic convergence squares it once more.
    private const double Tolerance = 1e-10;

    private readonly Communicator communicator;
    private readonly ISamples<double> samples;
    private readonly double penalty;
    private readonly Strata strata;
    private readonly int firstStratum, endStratum, order;
    private double[] errors = [];

    /// <summary>Begins with all coefficients 0. Local.</summary>
    /// <param name="communicator">All ranks that have samples.</param>
    /// <param name="samples">Rows of features; the target is 0 or 1, and a weight ≥ 0 behind it where <paramref name="isWeighted"/>. A rank reads its strata.</param>
    /// <param name="penalty">λ ≥ 0 in Σ v·loss + ½λ‖w‖², with weights v; the intercept is free.</param>
    /// <param name="strata">How the samples are cut.</param>
    /// <param name="firstStratum">First one of this rank, which has consecutive ones.</param>
    /// <param name="endStratum">Behind its last one.</param>
    /// <param name="isWeighted">Whether a sample's second target is its weight; without, all weights are 1.</param>
    public LogisticRegression(Communicator communicator, ISamples<double> samples, double penalty, Strata strata, int firstStratum, int endStratum, bool isWeighted = false)
    {
        if (samples.Targets != (isWeighted ? 2 : 1))
            throw new UsageException($"logistic regression fits one target{(isWeighted ? " with a weight" : "")}, and samples have {samples.Targets}");
        (this.communicator, this.samples, this.penalty, this.strata, this.firstStratum, this.endStratum) = (communicator, samples, penalty, strata, firstStratum, endStratum);
        order = samples.Shape.Elements + 1;
        Coefficients = new double[order];
    }

    /// <summary>Intercept first, then one a feature; the same on every rank.</summary>
    public double[] Coefficients { get; private set; }

    /// <summary>Steps taken.</summary>
    public int Steps { get; private set; }

    /// <summary>Whether the last step changed nothing that counts.</summary>
    public bool IsDone { get; private set; }

    /// <summary>What was found, once <see cref="IsDone"/>.</summary>
    public LinearFit Result => new(Coefficients, penalty > 0 ? [.. Coefficients.Select(_ => double.NaN)] : errors, double.NaN, penalty > 0 ? double.NaN : double.PositiveInfinity);

    /// <summary>Fits intercept and coefficients of log-odds: the least Σ v·loss + ½λ‖w‖², with weights v. Collective.</summary>
    /// <param name="communicator">All ranks that have samples.</param>
    /// <param name="samples">Rows of features; the target is 0 or 1, and a weight ≥ 0 behind it where <paramref name="isWeighted"/>. A rank reads its strata.</param>
    /// <param name="penalty">λ ≥ 0.</param>
    /// <param name="isWeighted">Whether a sample's second target is its weight; without, all weights are 1.</param>
    /// <param name="strata">Strata the samples are dealt into, consecutive shares of them to the ranks.</param>
    /// <exception cref="SoraException">It does not converge, because features separate the classes or depend on each other.</exception>
    public static LinearFit Fit(Communicator communicator, ISamples<double> samples, double penalty = 0, int strata = 12, bool isWeighted = false)
    {
        Strata cut = new(samples.Count, (int)Math.Min(strata, samples.Count), 1);
        int[] owners = Trainer<double>.EvenOwners(cut.Count, communicator.Size);
        int first = Array.IndexOf(owners, communicator.Rank), end = Array.LastIndexOf(owners, communicator.Rank) + 1;
        LogisticRegression regression = new(communicator, samples, penalty, cut, Math.Max(first, 0), end, isWeighted);
        while (!regression.IsDone)
            regression.TakeStep();
        return regression.Result;
    }

    /// <summary>One step of Newton's method. Collective.</summary>
    /// <exception cref="SoraException">It does not converge, because features separate the classes or depend on each other.</exception>
    public void TakeStep()
    {
        if (Steps == MostSteps)
            throw new SoraException($"logistic regression did not converge in {MostSteps} steps: its features separate the classes; take a penalty above 0");
        double[] sums = Sums();
        for (int i = 1; i < order; i++)
        {
            sums[i] += penalty * Coefficients[i];
            sums[order + i * order + i] += penalty;
        }
        double[] factor = Cholesky(sums.AsSpan(order), order), step = Solve(factor, sums.AsSpan(0, order), order);
        for (int i = 0; i < order; i++)
            Coefficients[i] -= step[i];
        Steps++;
        IsDone = step.Max(Math.Abs) <= Tolerance * Coefficients.Max(Math.Abs);
        if (IsDone && penalty == 0)
            errors = ErrorsOf(factor, order);
    }

    /// <summary>Goes on from coefficients after so many steps. Local.</summary>
    public void Resume(double[] coefficients, int steps) => (Coefficients, Steps) = (coefficients, steps);

    // Gradient, then Hessian, of every stratum by itself; strata are then added in ascending order.
    private double[] Sums()
    {
        int length = order + order * order;
        double[] ofStrata = new double[strata.Count * length], x = new double[order], target = new double[samples.Targets];
        for (int stratum = firstStratum; stratum < endStratum; stratum++)
        {
            Span<double> sums = ofStrata.AsSpan(stratum * length, length);
            for (long index = strata.Begin(stratum); index < strata.Begin(stratum + 1); index++)
            {
                x[0] = 1;
                samples.Read([index], x.AsSpan(1), target);
                AddSample(index, x, target[0], target.Length > 1 ? SampleCheck.Weight(index, target[1]) : 1, Coefficients, sums);
            }
        }
        double[] total = new double[length];
        communicator.Allreduce<double>(ofStrata, ReduceOperation.Sum);          // each is one rank's own and 0 elsewhere: exact
        for (int stratum = 0; stratum < strata.Count; stratum++)
            Blocks.Elementwise.Add(total, ofStrata.AsSpan(stratum * length, length));
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
