using System.CommandLine;
using SoraHpc.Communication;
using SoraHpc.Runtime;

namespace SoraHpc.Cli.Run;

/// <summary>How a job is spelled on the command line: one file a job, listed in <see cref="JobCommands"/>.</summary>
internal interface IJobCommand
{
    /// <summary>The word after <c>sora run</c>.</summary>
    string Name { get; }

    /// <summary>One line for the help.</summary>
    string Description { get; }

    /// <summary>A whole command line that works.</summary>
    string Example { get; }

    /// <summary>The job's own options.</summary>
    IReadOnlyList<Option> Options { get; }

    /// <summary>Turns the options given into the job's options record and returns what every rank runs.</summary>
    /// <exception cref="SoraHpc.Diagnostics.UsageException">Options that do not go together.</exception>
    Func<Communicator, SoraOptions, RunResult> Bind(ParseResult parsed);

    /// <summary>What a run that succeeds leaves behind: "result" and a file, "picture" and a file.</summary>
    IReadOnlyList<(string Kind, string File)> Files(ParseResult parsed);
}
