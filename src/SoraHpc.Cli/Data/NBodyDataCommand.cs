using System.CommandLine;
using SoraHpc.Cli.Run;
using SoraHpc.Jobs.NBody;

namespace SoraHpc.Cli.Data;

/// <summary><c>sora data nbody</c>.</summary>
internal sealed class NBodyDataCommand() : DataSetCommand("nbody", "Plummer spheres of bodies in equilibrium.",
    "sora data nbody --bodies 100000 --output bodies.h5", "bodies.h5")
{
    private readonly PlummerOptions model = new();

    /// <inheritdoc/>
    private protected override IReadOnlyList<Option> Options => model.All;

    /// <inheritdoc/>
    private protected override string Make(ParseResult parsed, string path)
    {
        PlummerModel made = model.Of(parsed);
        NBodyData.Write(path, made);
        return $"{made.Bodies} bodies in {made.Spheres} Plummer sphere{(made.Spheres == 1 ? "" : "s")}";
    }
}
