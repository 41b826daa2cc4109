using System.CommandLine;
using SoraHpc.Cli.Plugins;
using SoraHpc.Communication;
using SoraHpc.Jobs.Uts;
using SoraHpc.Runtime;
using SoraHpc.Runtime.Elasticity;

namespace SoraHpc.Cli.Run;

/// <summary><c>sora run uts</c>.</summary>
internal sealed class UtsCommand : IJobCommand
{
    private readonly UtsTreeOptions tree = new("T1");
    private readonly PluginOption plugin = new();
    private readonly VictimsOption victims;
    private readonly ElasticOption elastic;

    internal UtsCommand() => (victims, elastic) = (new(plugin), new(plugin));

    /// <inheritdoc/>
    public string Name => "uts";

    /// <inheritdoc/>
    public string Description => "Unbalanced tree search: ranks steal subtrees of a tree nobody knows the shape of before.";

    /// <inheritdoc/>
    public string Example => "sora run uts --tree T1L --ranks 2";

    /// <inheritdoc/>
    public IReadOnlyList<Option> Options => [.. tree.All, victims.Option, elastic.Option, plugin.Option];

    /// <inheritdoc/>
    public Func<Communicator, SoraOptions, RunResult> Bind(ParseResult parsed)
    {
        UtsOptions options = tree.Of(parsed) with { Victims = victims.Of(parsed) };
        Func<IElasticity> elasticity = elastic.Of(parsed);
        TextWriter output = parsed.InvocationConfiguration.Output;
        return (communicator, run) =>
        {
            UtsResult result = UtsJob.Run(communicator, options with { Elasticity = elasticity() }, run);
            if (communicator.IsRoot)
                output.Write(UtsTable.Render(result));
            return result.Run;
        };
    }

    /// <inheritdoc/>
    public IReadOnlyList<(string Kind, string File)> Files(ParseResult parsed) => [];
}
