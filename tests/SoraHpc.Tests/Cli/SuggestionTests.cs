using NUnit.Framework;
using SoraHpc.Cli.CommandLine;

namespace SoraHpc.Tests.Cli;

public sealed class SuggestionTests
{
    [TestCase("weather", "weather", 0)]
    [TestCase("wether", "weather", 1)]
    [TestCase("haet", "heat", 1)]
    [TestCase("", "run", 3)]
    [TestCase("kitten", "sitting", 3)]
    [TestCase("RUN", "run", 0)]
    public void Distance_counts_edits(string from, string to, int edits)
    {
        Assert.That(Suggestion.Distance(from, to), Is.EqualTo(edits));
        Assert.That(Suggestion.Distance(to, from), Is.EqualTo(edits));
    }

    [TestCase("--hous", "--hours")]
    [TestCase("--rank", "--ranks")]
    [TestCase("--out", "--output")]
    [TestCase("--zzz", null)]
    [TestCase("-x", null)]
    public void Nearest_is_a_likely_name_or_none(string typed, string? meant) =>
        Assert.That(Suggestion.Nearest(typed, ["--hours", "--ranks", "--output", "--launcher"]), Is.EqualTo(meant));

    [Test]
    public void Nearest_of_nothing_is_none() => Assert.That(Suggestion.Nearest("x", []), Is.Null);
}
