using NUnit.Framework;
using SoraHpc.Communication;
using SoraHpc.Communication.Threads;
using SoraHpc.Diagnostics;
using SoraHpc.Learning.Blocks;
using SoraHpc.Learning.Models;
using SoraHpc.Learning.Regression;
using SoraHpc.Learning.Training;

namespace SoraHpc.Tests.Learning;

using Dense = SoraHpc.Learning.Blocks.Dense;      // not the namespace beside this one

public sealed class RegressionTests
{
    // Target, then features. Source: NIST Statistical Reference Datasets, Longley (1967): of higher difficulty, condition number about 5·10⁹.
    private static readonly double[][] Longley =
    [
        [60323, 83.0, 234289, 2356, 1590, 107608, 1947], [61122, 88.5, 259426, 2325, 1456, 108632, 1948], [60171, 88.2, 258054, 3682, 1616, 109773, 1949],
        [61187, 89.5, 284599, 3351, 1650, 110929, 1950], [63221, 96.2, 328975, 2099, 3099, 112075, 1951], [63639, 98.1, 346999, 1932, 3594, 113270, 1952],
        [64989, 99.0, 365385, 1870, 3547, 115094, 1953], [63761, 100.0, 363112, 3578, 3350, 116219, 1954], [66019, 101.2, 397469, 2904, 3048, 117388, 1955],
        [67857, 104.6, 419180, 2822, 2857, 118734, 1956], [68169, 108.4, 442769, 2936, 2798, 120445, 1957], [66513, 110.8, 444546, 4681, 2637, 121950, 1958],
        [68655, 112.6, 482704, 3813, 2552, 123366, 1959], [69564, 114.2, 502601, 3931, 2514, 125368, 1960], [69331, 115.7, 518173, 4806, 2572, 127852, 1961],
        [70551, 116.9, 554894, 4007, 2827, 130081, 1962],
    ];

    // Source: NIST Statistical Reference Datasets, Norris: calibration of ozone monitors.
    private static readonly double[][] Norris =
    [
        [0.1, 0.2], [338.8, 337.4], [118.1, 118.2], [888.0, 884.6], [9.2, 10.1], [228.1, 226.5], [668.5, 666.3], [998.5, 996.3], [449.1, 448.6], [778.9, 777.0], [559.2, 558.2], [0.3, 0.4],
        [0.1, 0.6], [778.1, 775.5], [668.8, 666.9], [339.3, 338.0], [448.9, 447.5], [10.8, 11.6], [557.7, 556.0], [228.3, 228.1], [998.0, 995.8], [888.8, 887.6], [119.6, 120.2], [0.3, 0.3],
        [0.6, 0.3], [557.6, 556.8], [339.3, 339.1], [888.0, 887.2], [998.5, 999.0], [778.9, 779.0], [10.2, 11.1], [117.6, 118.3], [228.9, 229.2], [668.4, 669.1], [449.2, 448.9], [0.2, 0.5],
    ];

    // Whether an O-ring of a space shuttle was damaged, and the temperature [°F] at launch. Source: Dalal, Fowlkes and Hoadley, J. Am. Stat. Assoc. 84 (1989).
    private static readonly double[][] Rings =
    [
        [0, 66], [1, 70], [0, 69], [0, 68], [0, 67], [0, 72], [0, 73], [0, 70], [1, 57], [1, 63], [1, 70], [0, 78], [0, 67], [1, 53], [0, 67], [0, 75], [0, 70], [0, 81], [0, 76], [0, 79],
        [1, 75], [0, 76], [1, 58],
    ];

    [Test]
    public void Longley_has_the_certified_coefficients([Values(1, 2, 3, 4)] int ranks)
    {
        LinearFit fit = OnRanks(ranks, comm => LeastSquares.Fit(comm, Table(Longley)));

        double[] certified = [-3482258.63459582, 15.0618722713733, -0.0358191792925910, -2.02022980381683, -1.03322686717359, -0.0511041056535807, 1829.15146461355];
        double[] errors = [890420.383607373, 84.9149257747669, 0.0334910077722432, 0.488399681651699, 0.214274163161675, 0.226073200069370, 455.478499142212];
        for (int i = 0; i < certified.Length; i++)
        {
            Assert.That(fit.Coefficients[i], Is.EqualTo(certified[i]).Within(1e-9 * Math.Abs(certified[i])));
            Assert.That(fit.StandardErrors[i], Is.EqualTo(errors[i]).Within(1e-9 * errors[i]));
        }
        Assert.That(fit.ResidualDeviation, Is.EqualTo(304.854073561965).Within(1e-9 * 305));
    }

    [Test]
    public void Norris_has_the_certified_coefficients()
    {
        LinearFit fit = OnRanks(2, comm => LeastSquares.Fit(comm, Table(Norris)));

        Assert.That(fit.Coefficients[0], Is.EqualTo(-0.262323073774029).Within(1e-12));
        Assert.That(fit.Coefficients[1], Is.EqualTo(1.00211681802045).Within(1e-13));
        Assert.That(fit.ResidualDeviation, Is.EqualTo(0.884796396144373).Within(1e-12));
    }

    // Source: NIST Statistical Reference Datasets, Wampler1 and Wampler2: polynomials of degree 5 at 0, 1, …, 20.
    [TestCase(1.0, 1e-8)]
    [TestCase(0.1, 1e-11)]
    public void Wampler_has_the_coefficients_it_is_made_of(double ratio, double tolerance)
    {
        double[][] rows = [.. Enumerable.Range(0, 21).Select(x => (double[])[.. Powers(ratio * x).Take(1), .. Enumerable.Range(1, 5).Select(power => Math.Pow(x, power))])];

        LinearFit fit = OnRanks(3, comm => LeastSquares.Fit(comm, Table(rows)));

        for (int i = 0; i < 6; i++)
            Assert.That(fit.Coefficients[i], Is.EqualTo(Math.Pow(ratio, i)).Within(tolerance));

        static IEnumerable<double> Powers(double x) => [Enumerable.Range(0, 6).Sum(power => Math.Pow(x, power))];
    }

    [Test]
    public void Any_number_of_ranks_fits_the_same_bits([Values(2, 3, 4)] int ranks)
    {
        Assert.That(OnRanks(ranks, comm => LeastSquares.Fit(comm, Table(Longley), 2)).Coefficients, Is.EqualTo(OnRanks(1, comm => LeastSquares.Fit(comm, Table(Longley), 2)).Coefficients).AsCollection);
        Assert.That(OnRanks(ranks, comm => LogisticRegression.Fit(comm, Table(Rings))).Coefficients, Is.EqualTo(OnRanks(1, comm => LogisticRegression.Fit(comm, Table(Rings))).Coefficients).AsCollection);
    }

    [Test]
    public void A_ridge_fit_solves_its_normal_equations()
    {
        const double Penalty = 7;
        double[] w = OnRanks(1, comm => LeastSquares.Fit(comm, Table(Norris), Penalty)).Coefficients;

        double[] residuals = [.. Norris.Select(row => row[0] - w[0] - w[1] * row[1])];
        Assert.That(residuals.Sum(), Is.EqualTo(0).Within(1e-9));
        Assert.That(residuals.Zip(Norris, (residual, row) => residual * row[1]).Sum(), Is.EqualTo(Penalty * w[1]).Within(1e-6));
    }

    [Test]
    public void Damaged_rings_have_the_published_odds()
    {
        LinearFit fit = OnRanks(3, comm => LogisticRegression.Fit(comm, Table(Rings)));

        // Source: Agresti, Categorical Data Analysis, 2nd edition (2002), problem 5.1; more digits by Newton's method in NumPy.
        Assert.That(fit.Coefficients, Is.EqualTo((double[])[15.04290165, -0.23216274]).Within(1e-8));
        Assert.That(fit.StandardErrors, Is.EqualTo((double[])[7.37863638, 0.10823652]).Within(1e-7));
    }

    [Test]
    public void A_dense_block_by_limited_memory_steps_finds_what_Newton_finds([Values(1, 2, 4)] int ranks)
    {
        double[] fitted = OnRanks(ranks, comm =>
        {
            using Trainer<double> trainer = new(comm, new Model(new Shape(1), new Dense(1)), Table(Rings), new TrainingOptions { Loss = Loss.Logistic, Strata = 5, MicroBatch = 2 }, Gradients.Managed);
            (_, _, double slope) = Lbfgs.Minimise(trainer, 1e-10);
            Assert.That(slope, Is.LessThan(1e-9));
            return trainer.Network.Values.ToArray();
        });

        Assert.That(fitted, Is.EqualTo((double[])[-0.23216274, 15.04290165]).Within(1e-6));
    }

    [Test]
    public void A_weight_counts_a_sample_as_often([Values(1, 3)] int ranks)
    {
        static int Times(int i) => i % 3;
        static double[][] Repeated(double[][] rows) => [.. rows.SelectMany((row, i) => Enumerable.Repeat(row, Times(i)))];
        static SampleTable<double> Weighted(double[][] rows) => new(new Shape(rows[0].Length - 1), [.. rows.SelectMany(row => row.Skip(1))], [.. rows.SelectMany((row, i) => (double[])[row[0], Times(i)])]);

        double[] line = OnRanks(ranks, comm => LeastSquares.Fit(comm, Weighted(Norris), isWeighted: true)).Coefficients, lineRepeated = OnRanks(1, comm => LeastSquares.Fit(comm, Table(Repeated(Norris)))).Coefficients;
        double[] odds = OnRanks(ranks, comm => LogisticRegression.Fit(comm, Weighted(Rings), penalty: 0.1, isWeighted: true)).Coefficients;
        double[] oddsRepeated = OnRanks(1, comm => LogisticRegression.Fit(comm, Table(Repeated(Rings)), penalty: 0.1)).Coefficients;

        Assert.That(line, Is.EqualTo(lineRepeated).Within(1e-11));
        Assert.That(odds, Is.EqualTo(oddsRepeated).Within(1e-9));
        Assert.That(() => OnRanks(1, comm => LeastSquares.Fit(comm, Table(Norris), isWeighted: true)), Throws.TypeOf<UsageException>().With.Message.EqualTo("least squares fits one target with a weight, and samples have 1"));
    }

    [Test]
    public void What_cannot_be_fitted_is_told_in_one_line()
    {
        double[][] twice = [.. Norris.Select(row => (double[])[row[0], row[1], 2 * row[1] + 1])], apart = [[0, 1], [0, 2], [1, 3], [1, 4]], hole = [[1, 2], [2, double.NaN], [3, 4]];

        Assert.That(() => OnRanks(1, comm => LeastSquares.Fit(comm, Table(twice))), Throws.TypeOf<SoraException>().With.Message.StartsWith("feature 1 is a combination of the constant and the features before it"));
        Assert.That(() => OnRanks(1, comm => LeastSquares.Fit(comm, Table(hole))), Throws.TypeOf<SoraException>().With.Message.EqualTo("sample 1, feature 0: NaN is no number to learn from; clean the data first"));
        Assert.That(() => OnRanks(1, comm => LogisticRegression.Fit(comm, Table(apart))), Throws.TypeOf<SoraException>().With.Message.Contains("separate the classes"));
        Assert.That(() => OnRanks(1, comm => LogisticRegression.Fit(comm, Table(Norris))), Throws.TypeOf<SoraException>().With.Message.Contains("sample 0: 0.1 is no label; labels are 0 or 1"));
    }

    private static SampleTable<double> Table(double[][] rows) => new(new Shape(rows[0].Length - 1), [.. rows.SelectMany(row => row.Skip(1))], [.. rows.Select(row => row[0])]);

    private static TResult OnRanks<TResult>(int ranks, Func<Communicator, TResult> body)
    {
        TResult[] results = new TResult[ranks];
        ThreadWorld.Run(ranks, comm => results[comm.Rank] = body(comm));
        return results[^1];
    }
}
