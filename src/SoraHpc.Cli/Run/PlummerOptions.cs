using System.CommandLine;
using SoraHpc.Cli.CommandLine;
using SoraHpc.Jobs.NBody;

namespace SoraHpc.Cli.Run;

/// <summary>Which bodies are made, the same for run, file and measurement.</summary>
internal sealed class PlummerOptions(int defaultBodies = 10_000, int defaultSpheres = 1)
{
    private readonly Option<int?> bodies = CommandOptions.Integer("--bodies", $"Bodies. Default: {defaultBodies}", least: 1);
    private readonly Option<int?> spheres = CommandOptions.Integer("--spheres", $"Plummer spheres, each half as large and heavy as the one before. Default: {defaultSpheres}", least: 1, most: 32);
    private readonly Option<int?> seed = CommandOptions.Integer("--seed", "Of the bodies. Default: 1", least: 0);

    internal IReadOnlyList<Option> All => [bodies, spheres, seed];

    /// <summary>Whether any of them is given.</summary>
    internal bool AreGiven(ParseResult parsed) => All.Any(option => parsed.GetResult(option) is { Implicit: false });

    internal PlummerModel Of(ParseResult parsed) => new()
    {
        Bodies = parsed.GetValue(bodies) ?? defaultBodies,
        Spheres = parsed.GetValue(spheres) ?? defaultSpheres,
        Seed = (ulong)(parsed.GetValue(seed) ?? 1),
    };
}
