using System.CommandLine;
using SoraHpc.Cli.CommandLine;

namespace SoraHpc.Cli.Data;

/// <summary>How the making of a data set is spelled: one file each, listed in <see cref="DataCommand"/>.</summary>
/// <param name="name">The word after <c>sora data</c>.</param>
/// <param name="description">One line for the help.</param>
/// <param name="example">A whole command line that works.</param>
/// <param name="standard">The file that is written where no other is named.</param>
internal abstract class DataSetCommand(string name, string description, string example, string standard)
{
    /// <summary>What <c>--output</c> names.</summary>
    private protected virtual (string What, string Placeholder) Output => ("HDF5 file to write", "FILE");

    /// <summary>What the data set can be told, but for where it is written.</summary>
    private protected abstract IReadOnlyList<Option> Options { get; }

    /// <summary>The verb, which makes the data set in this process, alone, and says where it is.</summary>
    internal Command Create()
    {
        Option<string?> output = CommandOptions.Text("--output", $"{Output.What}. Default: {standard}", Output.Placeholder);
        var command = new Verb(name, description, example);
        foreach (Option option in (Option[])[.. Options, output])
            command.Options.Add(option);
        command.SetAction(parsed =>
        {
            string path = parsed.GetValue(output) ?? StandardFor(parsed);
            parsed.InvocationConfiguration.Output.WriteLine($"{path}: {Make(parsed, path)}");
        });
        return command;
    }

    /// <summary>The file that this command line writes where it names no other.</summary>
    private protected virtual string StandardFor(ParseResult parsed) => standard;

    /// <returns>What it is, in a few words.</returns>
    private protected abstract string Make(ParseResult parsed, string path);
}
