using System.CommandLine;
using SoraHpc.Cli.CommandLine;
using SoraHpc.Jobs.Npb;

namespace SoraHpc.Cli.Run;

/// <summary>Which kernels and which class, the same for the run and the measurement.</summary>
internal sealed class NpbProblemOptions
{
    private readonly NpbClass defaultClass;
    private readonly Option<string?> kernel = CommandOptions.Choice("--kernel", "A kernel, or all of them. Default: all",
        [.. NpbKernels.All.Select(kernel => kernel.Name.ToLowerInvariant()), "all"]);
    private readonly Option<string?> size;

    internal NpbProblemOptions(NpbClass defaultClass)
    {
        this.defaultClass = defaultClass;
        size = CommandOptions.Choice("--class", $"Problem size, smallest first. Default: {defaultClass}", Enum.GetNames<NpbClass>());
    }

    internal IReadOnlyList<Option> All => [kernel, size];

    internal NpbOptions Of(ParseResult parsed) => new()
    {
        Kernels = NpbKernels.Named(parsed.GetValue(kernel) ?? "all"),
        Class = parsed.GetValue(size) is { } given ? Enum.Parse<NpbClass>(given) : defaultClass,
    };
}
