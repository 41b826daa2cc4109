using System.CommandLine;
using SoraHpc.Cli.CommandLine;
using SoraHpc.Jobs.NBody;

namespace SoraHpc.Cli.Run;

/// <summary>Steps and accuracy of a run of bodies, the same for run and measurement.</summary>
internal sealed class NBodyPhysics
{
    private static readonly NBodyOptions Defaults = new();

    private readonly Option<int?> steps;
    private readonly Option<double?> timeStep = CommandOptions.Number("--time-step", $"Δt where G = 1, > 0. Default: {Defaults.TimeStep}");
    private readonly Option<double?> theta = CommandOptions.Number("--theta", $"Opening angle, in (0, 1]; smaller is more exact and slower. Default: {Defaults.Theta}");
    private readonly Option<double?> softening = CommandOptions.Number("--softening", $"Length below which gravity is weakened, > 0. Default: {Defaults.Softening}");
    private readonly Option<string?> expansion = CommandOptions.Choice("--expansion", "How distant cells act. Default: quadrupole", "monopole", "quadrupole");
    private readonly Option<int?> leaf = CommandOptions.Integer("--leaf", $"Most bodies in a leaf of the tree. Default: {Defaults.LeafBodies}", least: 1, most: 1024);
    private readonly Option<int?> group = CommandOptions.Integer("--group", $"Most bodies that share a walk through the tree. Default: {Defaults.GroupBodies}", least: 1, most: 4096);
    private readonly int defaultSteps;

    internal NBodyPhysics(int defaultSteps)
    {
        this.defaultSteps = defaultSteps;
        steps = CommandOptions.Integer("--steps", $"Steps. Default: {defaultSteps}", least: 0);
    }

    internal IReadOnlyList<Option> All => [steps, timeStep, theta, softening, expansion, leaf, group];

    internal NBodyOptions Of(ParseResult parsed, NBodyOptions options) => options with
    {
        Steps = parsed.GetValue(steps) ?? defaultSteps,
        TimeStep = parsed.GetValue(timeStep) ?? Defaults.TimeStep,
        Theta = parsed.GetValue(theta) ?? Defaults.Theta,
        Softening = parsed.GetValue(softening) ?? Defaults.Softening,
        Expansion = parsed.GetValue(expansion) == "monopole" ? Expansion.Monopole : Expansion.Quadrupole,
        LeafBodies = parsed.GetValue(leaf) ?? Defaults.LeafBodies,
        GroupBodies = parsed.GetValue(group) ?? Math.Max(Defaults.GroupBodies, parsed.GetValue(leaf) ?? 0),
    };
}
