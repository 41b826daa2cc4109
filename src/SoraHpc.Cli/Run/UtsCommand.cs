using System.CommandLine;
using SoraHpc.Cli.CommandLine;
using SoraHpc.Communication;
using SoraHpc.Jobs.Uts;
using SoraHpc.Runtime;

namespace SoraHpc.Cli.Run;

/// <summary><c>sora run uts</c>.</summary>
internal sealed class UtsCommand : IJobCommand
{
    private readonly UtsTreeOptions tree = new("T1");

    /// <inheritdoc/>
    public string Name => "uts";

    /// <inheritdoc/>
    public string Description => "Unbalanced tree search: ranks steal subtrees of a tree nobody knows the shape of before.";

    /// <inheritdoc/>
    public string Example => "sora run uts --tree T1L --ranks 2";

    /// <inheritdoc/>
    public IReadOnlyList<Option> Options => tree.All;

    /// <inheritdoc/>
    public Func<Communicator, SoraOptions, RunResult> Bind(ParseResult parsed)
    {
        UtsOptions options = tree.Of(parsed);
        TextWriter output = parsed.InvocationConfiguration.Output;
        return (communicator, _) =>
        {
            UtsResult result = UtsJob.Run(communicator, options);
            if (communicator.IsRoot)
                output.Write(UtsTable.Render(result));
            return result.Run;
        };
    }

    /// <inheritdoc/>
    public IReadOnlyList<(string Kind, string File)> Files(ParseResult parsed) => [];
}
