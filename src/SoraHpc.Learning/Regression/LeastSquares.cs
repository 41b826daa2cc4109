using System.Globalization;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.Learning.Training;

namespace SoraHpc.Learning.Regression;

/// <summary>Linear and ridge regression in closed form, by QR of every stratum and of their triangles in pairs: the condition number is not squared, and
/// the bits are the same on any number of ranks.</summary>
/// <remarks>Source: Demmel, Grigori, Hoemmen and Langou, Communication-optimal Parallel and Sequential QR and LU Factorizations (2012).</remarks>
public static class LeastSquares
{
    // A pivot this small beside its column's length is rounding: that column is a sum of others.
    private const double RankTolerance = 1e-14;

    /// <summary>Fits intercept and coefficients: the least Σ v·(y − b − x·w)² + λ‖w‖², with weights v. Collective.</summary>
    /// <param name="communicator">All ranks that have samples.</param>
    /// <param name="samples">Rows of features, one target each, and a weight ≥ 0 behind it where <paramref name="isWeighted"/>; a rank reads its strata.</param>
    /// <param name="penalty">λ ≥ 0; 0: plain least squares.</param>
    /// <param name="isWeighted">Whether a sample's second target is its weight; without, all weights are 1.</param>
    /// <param name="strata">Strata the samples are dealt into, consecutive shares of them to the ranks.</param>
    /// <exception cref="SoraException">Features depend on each other, or are not finite; the line says which.</exception>
    public static LinearFit Fit(Communicator communicator, ISamples<double> samples, double penalty = 0, int strata = 12, bool isWeighted = false)
    {
        if (!(penalty >= 0 && double.IsFinite(penalty)))
            throw new UsageException(FormattableString.Invariant($"a ridge penalty of {penalty}: give 0 or more"));
        if (samples.Targets != (isWeighted ? 2 : 1))
            throw new UsageException($"least squares fits one target{(isWeighted ? " with a weight" : "")}, and samples have {samples.Targets}");
        int columns = samples.Shape.Elements + 2;               // 1, features, target
        double[][] triangles = Gather(communicator, samples, columns, new Strata(samples.Count, (int)Math.Min(strata, samples.Count), 1));
        double[] triangle = Tree(triangles, 0, triangles.Length, columns);
        if (penalty > 0)
            triangle = Householder.Join(triangle, Penalty(columns, Math.Sqrt(penalty)), columns);
        return Solve(triangle, columns - 1, samples.Count, penalty);
    }

    private static double[][] Gather(Communicator communicator, ISamples<double> samples, int columns, Strata strata)
    {
        int[] owners = Trainer<double>.EvenOwners(strata.Count, communicator.Size);
        List<double> own = [];
        for (int stratum = 0; stratum < strata.Count; stratum++)
            if (owners[stratum] == communicator.Rank)
                own.AddRange(Householder.Triangle(Rows(samples, columns, strata.Begin(stratum), strata.Length(stratum)), columns));
        return [.. communicator.Allgatherv<double>(own.ToArray()).Chunk(columns * columns)];
    }

    private static double[] Rows(ISamples<double> samples, int columns, long begin, int count)
    {
        double[] rows = new double[count * columns], target = new double[samples.Targets];
        for (int i = 0; i < count; i++)
        {
            Span<double> row = rows.AsSpan(i * columns, columns);
            row[0] = 1;
            samples.Read([begin + i], row[1..^1], target);
            row[^1] = target[0];
            if (Blocks.Elementwise.FirstNotFinite<double>(row) is >= 1 and int wrong)
                throw new SoraException(string.Create(CultureInfo.InvariantCulture,
                    $"sample {begin + i}, {(wrong == columns - 1 ? "target" : $"feature {wrong - 1}")}: {row[wrong]} is no number to learn from; clean the data first"));
            if (target.Length > 1)
                Blocks.Elementwise.Scale(row, Math.Sqrt(SampleCheck.Weight(begin + i, target[1])));
        }
        return rows;
    }

    private static double[] Tree(double[][] triangles, int begin, int end, int columns)
    {
        if (end - begin == 1)
            return triangles[begin];
        int middle = begin + (end - begin) / 2;
        return Householder.Join(Tree(triangles, begin, middle, columns), Tree(triangles, middle, end, columns), columns);
    }

    // One more sample for each feature, that pulls its coefficient to 0; the intercept is free.
    private static double[] Penalty(int columns, double root)
    {
        double[] rows = new double[(columns - 2) * columns];
        for (int feature = 1; feature < columns - 1; feature++)
            rows[(feature - 1) * columns + feature] = root;
        return rows;
    }

    private static LinearFit Solve(double[] triangle, int order, long samples, double penalty)
    {
        int columns = order + 1;
        double R(int i, int j) => triangle[i * columns + j];
        for (int j = 0; j < order; j++)
        {
            double length = Math.Sqrt(Enumerable.Range(0, j + 1).Sum(i => R(i, j) * R(i, j)));
            if (!(Math.Abs(R(j, j)) > RankTolerance * length))
                throw new SoraException(j == 0 ? "least squares needs samples" : $"feature {j - 1} is a combination of the constant and the features before it: leave it out, or take a ridge penalty above 0");
        }
        double[] right = [.. Enumerable.Range(0, order).Select(i => R(i, order))];
        double[] coefficients = Substitute(triangle, columns, right);
        if (penalty > 0 || samples <= order)
            return new(coefficients, [.. coefficients.Select(_ => double.NaN)], double.NaN, double.NaN);
        double deviation = Math.Abs(R(order, order)) / Math.Sqrt(samples - order);
        double[] squares = new double[order];                   // of the rows of R⁻¹
        for (int unit = 0; unit < order; unit++)
        {
            double[] column = Substitute(triangle, columns, [.. Enumerable.Range(0, order).Select(i => i == unit ? 1.0 : 0)]);
            for (int i = 0; i < order; i++)
                squares[i] += column[i] * column[i];
        }
        return new(coefficients, [.. squares.Select(square => deviation * Math.Sqrt(square))], deviation, samples - order);
    }

    private static double[] Substitute(double[] triangle, int columns, double[] right)
    {
        for (int i = right.Length - 1; i >= 0; i--)
        {
            for (int j = i + 1; j < right.Length; j++)
                right[i] -= triangle[i * columns + j] * right[j];
            right[i] /= triangle[i * columns + i];
        }
        return right;
    }
}
