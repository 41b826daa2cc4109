using System.CommandLine;

namespace SoraHpc.Cli.Data;

/// <summary>How the making of a data set is spelled: one file each, listed in <see cref="DataCommand"/>.</summary>
internal interface IDataCommand
{
    /// <summary>The word after <c>sora data</c>.</summary>
    string Name { get; }

    /// <summary>One line for the help.</summary>
    string Description { get; }

    /// <summary>A whole command line that works.</summary>
    string Example { get; }

    /// <summary>What the data set can be told.</summary>
    IReadOnlyList<Option> Options { get; }

    /// <summary>Makes the data set in this process, alone, and says where it is.</summary>
    void Make(ParseResult parsed, TextWriter output);
}
