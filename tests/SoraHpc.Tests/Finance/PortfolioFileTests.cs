using NUnit.Framework;
using SoraHpc.Diagnostics;
using SoraHpc.Jobs.Finance;
using SoraHpc.Storage;

namespace SoraHpc.Tests.Finance;

public sealed class PortfolioFileTests : FolderTests
{
    private string path = "";

    [SetUp]
    public void NamePath() => path = In("portfolio.h5");

    [Test]
    public void A_portfolio_comes_back_as_it_was_written([Values(0, 7)] int contracts)
    {
        Portfolio made = PortfolioData.Make(5, contracts);
        PortfolioFile.Write(path, made);

        Portfolio read = PortfolioFile.Read(path);

        Assert.That(read.Rate, Is.EqualTo(made.Rate));
        Assert.That(read.Names, Is.EqualTo(made.Names));
        Assert.That(read.Spots, Is.EqualTo(made.Spots));
        Assert.That(read.Volatilities, Is.EqualTo(made.Volatilities));
        Assert.That(read.Holdings, Is.EqualTo(made.Holdings));
        Assert.That(read.Correlation, Is.EqualTo(made.Correlation));
        Assert.That(read.Options, Is.EqualTo(made.Options));
    }

    [TestCase("factors/spot", 2, 0.0, "dataset factors/spot: 0 at 2: a price is above 0")]
    [TestCase("factors/volatility", 1, double.NaN, "dataset factors/volatility: NaN at 1: a volatility is above 0")]
    [TestCase("factors/holding", 0, double.PositiveInfinity, "dataset factors/holding: Infinity at 0: a holding is a number")]
    [TestCase("factors/correlation", 1, 0.999, "dataset factors/correlation: 0.999 at (0, 1): at (1, 0) it is")]
    [TestCase("factors/correlation", 4, 0.5, "dataset factors/correlation: 0.5 at (1, 1): a factor's correlation with itself is 1")]
    [TestCase("factors/correlation", 2, -3.0, "dataset factors/correlation: -3 at (0, 2): a correlation is between −1 and 1")]
    [TestCase("options/factor", 3, 3.0, "dataset options/factor: 3 at 3: there are 3 factors, from 0 on")]
    [TestCase("options/call", 0, 2.0, "dataset options/call: 2 at 0: it is 1 for a call and 0 for a put")]
    [TestCase("options/strike", 0, -1.0, "dataset options/strike: -1 at 0: a strike is above 0")]
    [TestCase("options/expiry", 1, 0.0, "dataset options/expiry: 0 at 1: an expiry is above 0")]
    [TestCase("options/volatility", 2, 0.0, "dataset options/volatility: 0 at 2: a volatility is above 0")]
    public void A_wrong_number_is_told_with_its_place(string name, int at, double value, string expected)
    {
        Rewrite((dataset, numbers) =>
        {
            if (dataset == name)
                numbers[at] = value;
            return numbers;
        });

        Assert.That(Failure().Message, Is.EqualTo($"{path}, {expected}").Or.StartsWith($"{path}, {expected} "));
    }

    [TestCase("factors/holding", "dataset factors/holding: its shape is (2), not (3)")]
    [TestCase("factors/correlation", "dataset factors/correlation: its shape is (8), not (3, 3)")]
    [TestCase("options/quantity", "dataset options/quantity: its shape is (3), not (4)")]
    public void A_wrong_shape_is_told(string name, string expected)
    {
        Rewrite((dataset, numbers) => dataset == name ? numbers[..^1] : numbers);

        Assert.That(Failure().Message, Is.EqualTo($"{path}, {expected}"));
    }

    [Test]
    public void A_missing_dataset_is_told_with_those_that_are_there()
    {
        Rewrite((dataset, numbers) => dataset == "factors/volatility" ? [] : numbers);

        Assert.That(Failure().Message, Does.Contain("factors/volatility").And.Contain("there is no such dataset"));
    }

    [Test]
    public void A_name_that_is_too_long_is_not_cut() =>
        Assert.Throws<Hdf5Exception>(() => PortfolioFile.Write(path, PortfolioData.Make(1, 0) with { Names = [new string('x', 100)] }));

    private SoraException Failure() => Assert.Catch<SoraException>(() => PortfolioFile.Read(path))!;

    // All numbers pass through the change; an empty array leaves its dataset out. A square that changed its length loses its shape.
    private void Rewrite(Func<string, double[], double[]> change)
    {
        string whole = In("whole.h5");
        PortfolioFile.Write(whole, PortfolioData.Make(3, 4));
        using Hdf5File from = Hdf5File.Open(whole), to = Hdf5File.Create(path);
        foreach (string group in from.GroupNames)
            foreach (string name in from.Group(group).DatasetNames)
            {
                using Hdf5Dataset source = from.Dataset($"{group}/{name}");
                if (name == "name")
                {
                    using Hdf5Dataset names = to.CreateStringDataset("factors/name", source.Shape, bytes: 8);
                    names.WriteStrings(names.Whole, source.ReadStrings());
                    continue;
                }
                double[] numbers = change($"{group}/{name}", source.Read<double>());
                if (numbers.Length == 0)
                    continue;
                using Hdf5Dataset copy = to.CreateDataset<double>($"{group}/{name}", numbers.Length == source.Elements ? source.Shape : [numbers.Length]);
                copy.Write<double>(copy.Whole, numbers);
            }
        to.Commit();
    }
}
