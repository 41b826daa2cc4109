using System.CommandLine;
using SoraHpc.Cli.CommandLine;
using SoraHpc.Cli.Run;
using SoraHpc.Jobs.NBody;

namespace SoraHpc.Cli.Data;

/// <summary><c>sora data nbody</c>.</summary>
internal sealed class NBodyDataCommand : IDataCommand
{
    private readonly PlummerOptions model = new();
    private readonly Option<string?> output = CommandOptions.Text("--output", "HDF5 file to write. Default: bodies.h5", "FILE");

    /// <inheritdoc/>
    public string Name => "nbody";

    /// <inheritdoc/>
    public string Description => "Plummer spheres of bodies in equilibrium.";

    /// <inheritdoc/>
    public string Example => "sora data nbody --bodies 100000 --output bodies.h5";

    /// <inheritdoc/>
    public IReadOnlyList<Option> Options => [.. model.All, output];

    /// <inheritdoc/>
    public void Make(ParseResult parsed, TextWriter writer)
    {
        PlummerModel made = model.Of(parsed);
        string path = parsed.GetValue(output) ?? "bodies.h5";
        NBodyData.Write(path, made);
        writer.WriteLine($"{path}: {made.Bodies} bodies in {made.Spheres} Plummer sphere{(made.Spheres == 1 ? "" : "s")}");
    }
}
