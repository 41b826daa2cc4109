using System.CommandLine;
using SoraHpc.Communication;

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

    /// <summary>Checks the options and returns what every rank runs; rank 0 writes to <paramref name="output"/>.</summary>
    Action<Communicator> Bind(ParseResult parsed, TextWriter output);
}
