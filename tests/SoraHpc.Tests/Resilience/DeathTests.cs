using System.Diagnostics;
using NUnit.Framework;
using SoraHpc.Tests.Cli;

namespace SoraHpc.Tests.Resilience;

/// <summary>Tests that kill ranks of the tool while it runs.</summary>
public abstract class DeathTests : FolderTests
{
    private static readonly string[] Weather = ["weather", "--case", "5", "--elements", "8", "--hours", "60", "--output-rows", "16", "--output-every", "25"];

    private readonly List<DeathExperiment> experiments = [];

    /// <summary>A forecast of a second or two, and where its result goes.</summary>
    private protected string[] Forecast => [.. Weather, "--output", In("forecast.h5")];

    private protected string Checkpoints => In("checkpoints");

    /// <summary>The numbers that a run of <see cref="Forecast"/> that nothing disturbs comes to.</summary>
    private protected byte[] UndisturbedForecast()
    {
        (int code, _, string said) = SoraCommandTests.Run(["run", .. Weather, "--output", In("alone.h5")]);
        Assume.That(code, Is.Zero, said);
        return Stopped.Numbers(In("alone.h5"));
    }

    /// <summary>The tool, in the test's folder.</summary>
    private protected Process StartTool(string[] words) => WatchedTool.ProcessOf(Folder, words);

    /// <summary>Runs an experiment, whose row is in the table that is printed last.</summary>
    private protected void Measure(DeathExperiment experiment, int count, int seed)
    {
        experiments.Add(experiment);
        experiment.Run(count, seed);
    }

    [OneTimeTearDown]
    public void PrintTable() => DeathExperiment.Print(experiments);
}
