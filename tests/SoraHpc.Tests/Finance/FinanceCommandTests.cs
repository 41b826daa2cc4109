using NUnit.Framework;
using SoraHpc.Tests.Cli;
using SoraHpc.Tests.Storage;

namespace SoraHpc.Tests.Finance;

public sealed class FinanceCommandTests : FolderTests
{
    [TestCase("run finance", "--data")]
    [TestCase("run finance --data x.h5 --level 1", "--level must be between")]
    [TestCase("run finance --data x.h5 --days 0", "--days must be between")]
    [TestCase("run finance --data x.h5 --returns stable", "--returns takes lognormal, normal, not 'stable'")]
    [TestCase("run finance --data x.h5 --scenarios 500", "500 scenarios leave 5 beyond the level 0.99: take 1000 scenarios or more")]
    [TestCase("data finance --factors 0", "--factors must be between 1 and 1000, not 0")]
    public void Wrong_command_line_is_told_in_one_line_with_exit_code_2(string commandLine, string expected) =>
        SoraCommandTests.Run(commandLine.Split(' ')).AssertRefused(2, expected);

    [Test]
    public void A_missing_portfolio_ends_the_run_with_one_line() =>
        SoraCommandTests.Run(["run", "finance", "--data", In("none.h5"), "--ranks", "2"]).AssertRefused(1, "none.h5");

    [Test]
    public void Data_and_run_print_the_measures_with_their_errors()
    {
        string portfolio = In("portfolio.h5");
        Assert.That(SoraCommandTests.Run(["data", "finance", "--factors", "6", "--options", "10", "--output", portfolio]).Output, Is.EqualTo($"{portfolio}: 6 factors, 10 options\n"));

        string output = SoraCommandTests.Run(
            ["run", "finance", "--data", portfolio, "--scenarios", "20000", "--level", "0.95", "--output", In("l.h5"), "--picture", In("l.svg"), "--ranks", "2"]).AssertWell();

        Assert.That(output, Does.StartWith("finance: 20 steps on 2 ranks in ").And.Contain("20000 scenarios of 10 days, lognormal returns, level 0.95; 6 factors, 10 options"));
        Assert.That(output, Does.Contain("  value at risk  ").And.Contain("95 % confidence, from").And.Contain("expected shortfall").And.Contain("delta-normal"));
        Assert.That(output, Does.Contain($"result: {In("l.h5")}\npicture: {In("l.svg")}\n"));
    }

    [Test]
    public void A_picture_that_cannot_be_written_ends_the_run_with_one_line()
    {
        string portfolio = In("portfolio.h5");
        SoraCommandTests.Run(["data", "finance", "--factors", "2", "--options", "1", "--output", portfolio]);

        SoraCommandTests.Run(["run", "finance", "--data", portfolio, "--scenarios", "2000", "--picture", In("nowhere/l.svg"), "--ranks", "2"])
            .AssertRefused(1, "nowhere/l.svg: the picture cannot be written");
    }

    [Test]
    public void Bench_finds_what_numpy_finds()
    {
        Independent.Python("import numpy, scipy, h5py");

        string output = SoraCommandTests.Run(
            ["bench", "finance", "--factors", "4", "--options", "6", "--scenarios", "100000", "--peer-scenarios", "100000", "--rounds", "1"]).AssertWell();

        double[] found = [.. System.Text.RegularExpressions.Regex.Matches(output, "value at risk ([0-9.]+), expected shortfall ([0-9.]+)")
            .SelectMany(match => match.Groups.Values.Skip(1)).Select(group => double.Parse(group.Value, System.Globalization.CultureInfo.InvariantCulture))];
        // Other random numbers: both have standard errors of about 1 %, of which five and their √2 are allowed.
        Assert.That(found, Has.Length.EqualTo(4));
        Assert.That(found[0] / found[2], Is.EqualTo(1).Within(0.07));
        Assert.That(found[1] / found[3], Is.EqualTo(1).Within(0.07));
    }
}
