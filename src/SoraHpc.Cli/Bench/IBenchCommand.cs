using System.CommandLine;
using SoraHpc.Cli.Run;

namespace SoraHpc.Cli.Bench;

/// <summary>How a measurement is spelled: one file each, listed in <see cref="BenchCommand"/>.</summary>
internal interface IBenchCommand
{
    /// <summary>The word after <c>sora bench</c>.</summary>
    string Name { get; }

    /// <summary>One line for the help.</summary>
    string Description { get; }

    /// <summary>A whole command line that works.</summary>
    string Example { get; }

    /// <summary>The measurement's own options.</summary>
    IReadOnlyList<Option> Options { get; }

    /// <summary>Measures on the ranks that <paramref name="launcher"/> brings up and prints to <paramref name="output"/>; returns the exit code.</summary>
    int Run(ParseResult parsed, RankLauncher launcher, TextWriter output);
}
