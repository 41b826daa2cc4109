using System.CommandLine;
using SoraHpc.Cli.CommandLine;
using SoraHpc.Communication;
using SoraHpc.Jobs.Npb;
using SoraHpc.Runtime;

namespace SoraHpc.Cli.Run;

/// <summary><c>sora run npb</c>.</summary>
internal sealed class NpbCommand : IJobCommand
{
    private readonly NpbProblemOptions problem = new(NpbClass.S);

    /// <inheritdoc/>
    public string Name => "npb";

    /// <inheritdoc/>
    public string Description => "NAS Parallel Benchmarks, verified against the published values.";

    /// <inheritdoc/>
    public string Example => "sora run npb --kernel all --class A --ranks 2";

    /// <inheritdoc/>
    public IReadOnlyList<Option> Options => problem.All;

    /// <inheritdoc/>
    public Func<Communicator, SoraOptions, RunResult> Bind(ParseResult parsed)
    {
        NpbOptions options = problem.Of(parsed);
        TextWriter output = parsed.InvocationConfiguration.Output;
        return (communicator, _) => NpbJob.Run(communicator, options, result =>
        {
            if (!communicator.IsRoot)
                return;
            output.Write(NpbSummary.Render(result));
            output.Flush();
        });
    }

    /// <inheritdoc/>
    public IReadOnlyList<(string Kind, string File)> Files(ParseResult parsed) => [];
}
