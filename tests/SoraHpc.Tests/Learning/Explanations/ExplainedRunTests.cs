using NUnit.Framework;
using SoraHpc.Storage;
using SoraHpc.Tests.Cli;

namespace SoraHpc.Tests.Learning.Explanations;

/// <summary>What <c>--explain</c> leaves behind.</summary>
public sealed class ExplainedRunTests : FolderTests
{
    [TestCase("--data digits --images 200 --test-images 100 --epochs 1 --model linear", "coefficients confusion curve importance saliency")]
    [TestCase("--data digits --images 200 --test-images 100 --epochs 1", "confusion curve importance saliency")]
    [TestCase("--data text --images 200 --test-images 100 --epochs 1 --strata 4", "confusion contributions curve-hybrid curve-parallel curve-series curve-shared importance")]
    [TestCase("--data TABLE --model linear --epochs 3 --strata 4", "coefficients confusion curve dependence-1 dependence-2 dependence-3 importance interaction")]
    public void A_run_leaves_the_same_pictures_and_tables_on_any_number_of_ranks(string words, string expected)
    {
        WriteTable(noise: 1);
        string[] first = Run(words, 1), second = Run(words, 2);

        Assert.That(Directory.GetFiles(first[0]).Select(Path.GetFileName).Order(StringComparer.Ordinal), Is.EqualTo(expected.Split(' ').SelectMany(name => (string[])[$"{name}.csv", $"{name}.svg"]).Order(StringComparer.Ordinal)).AsCollection);
        foreach (string file in Directory.GetFiles(first[0]))
        {
            Assert.That(System.IO.File.ReadAllText(Path.Combine(second[0], Path.GetFileName(file))), Is.EqualTo(System.IO.File.ReadAllText(file)), Path.GetFileName(file));
            if (file.EndsWith("svg", StringComparison.Ordinal))
                Assert.That(() => System.Xml.Linq.XDocument.Load(file), Throws.Nothing);
        }
        Assert.That(first[1], Does.Contain($"explanations: {first[0]}\n"));
    }

    [Test]
    public void The_feature_that_decides_is_the_most_important_and_has_the_largest_coefficient()
    {
        WriteTable(noise: 1);
        string directory = Run("--data TABLE --model linear --epochs 20 --strata 4 --rate 0.05", 2)[0];

        string[][] importance = Csv(directory, "importance"), coefficients = Csv(directory, "coefficients");
        Assert.That(importance[1..].MaxBy(row => double.Parse(row[1], System.Globalization.CultureInfo.InvariantCulture))![0], Is.EqualTo("decides"));
        Assert.That(double.Parse(coefficients[1..].Single(row => row[0] == "decides")[4], System.Globalization.CultureInfo.InvariantCulture), Is.LessThan(1e-3));
    }

    [Test]
    public void Classes_that_a_feature_separates_have_no_standard_errors_and_the_run_says_so()
    {
        WriteTable(noise: 0);
        string[] run = Run("--data TABLE --model linear --epochs 1 --strata 4", 2);

        Assert.That(run[1], Does.Contain("no coefficients with standard errors: logistic regression "));
        Assert.That(System.IO.File.Exists(Path.Combine(run[0], "coefficients.svg")), Is.False);
    }

    [Test]
    public void A_folder_that_cannot_be_made_is_told_before_anything_is_learnt()
    {
        System.IO.File.WriteAllText(In("taken"), "");
        (int code, _, string error) = SoraCommandTests.Run(["run", "training", "--images", "200", "--test-images", "100", "--explain", In("taken/in"), "--ranks", "2"]);

        Assert.That(error, Does.Match("^sora: rank 0: .*taken/in: the folder for explanations cannot be made: [^\n]*\n$"));
        Assert.That(code, Is.EqualTo(1));
    }

    private string[] Run(string words, int ranks)
    {
        string directory = In($"on-{ranks}");
        (int code, string output, string error) = SoraCommandTests.Run(["run", "training", .. words.Replace("TABLE", In("t.h5")).Split(' '), .. words.Contains("behaviour") ? [] : (string[])["--blas", "managed"],
            "--explain", directory, "--ranks", $"{ranks}"]);
        Assert.That((code, error), Is.EqualTo((0, "")));
        return [directory, output];
    }

    private static string[][] Csv(string directory, string name) => [.. System.IO.File.ReadAllLines(Path.Combine(directory, name + ".csv")).Select(line => line.Split(','))];

    // Two classes by the sign of the second of four features and some noise.
    private void WriteTable(double noise)
    {
        using Hdf5File file = Hdf5File.Create(In("t.h5"));
        foreach ((string set, int count, int start) in (ValueTuple<string, int, int>[])[("", 160, 0), ("test_", 80, 500)])
        {
            double Wave(int i, int column) => Math.Sin((start + i) * (1.7 + 0.61 * column) + column);
            using Hdf5Dataset features = file.CreateDataset<double>($"{set}features", [count, 4]), labels = file.CreateDataset<double>($"{set}labels", [count]);
            features.Write<double>(features.Whole, [.. from i in Enumerable.Range(0, count) from column in Enumerable.Range(0, 4) select Wave(i, column)]);
            features.Attributes.WriteStrings("columns", ["first", "decides", "third", "fourth"]);
            labels.Write<double>(labels.Whole, [.. Enumerable.Range(0, count).Select(i => Wave(i, 1) + noise * 0.6 * Wave(i, 9) > 0 ? 1.0 : 0)]);
            labels.Attributes.Write("classes", 2);
        }
        file.Commit();
    }
}
