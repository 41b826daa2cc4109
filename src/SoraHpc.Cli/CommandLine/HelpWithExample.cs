using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace SoraHpc.Cli.CommandLine;

/// <summary>The usual help and, below it, a command that can be copied.</summary>
internal sealed class HelpWithExample(HelpAction help) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        int code = help.Invoke(parseResult);
        string example = parseResult.CommandResult.Command is IHasExample command
            ? command.Example
            : "sora run weather --case 5 --hours 24 --output forecast.h5 --ranks 4 --launcher mpiexec";
        parseResult.InvocationConfiguration.Output.WriteLine($"Example:\n  {example}\n");
        if (parseResult is { CommandResult.Command: Verb { PassesOnTo: { } next }, UnmatchedTokens: [var name, ..] })
            return parseResult.RootCommandResult.Command.Parse([next, name, "--help"]).Invoke(parseResult.InvocationConfiguration);
        return code;
    }
}

/// <summary>A command that can show how it is used.</summary>
internal interface IHasExample
{
    /// <summary>A whole command line that works.</summary>
    string Example { get; }
}

/// <summary>A verb with an example below its help.</summary>
internal sealed class Verb(string name, string description, string example) : Command(name, description), IHasExample
{
    /// <inheritdoc/>
    public string Example { get; } = example;

    /// <summary>Name of the verb that takes the words this one does not know; null: no other does.</summary>
    internal string? PassesOnTo { get; init; }

    /// <inheritdoc/>
    public override IEnumerable<CompletionItem> GetCompletions(CompletionContext context)
    {
        IEnumerable<CompletionItem> own = base.GetCompletions(context);
        if (PassesOnTo is null)
            return own;
        // A word that has only begun is among the unknown ones; an empty one is not.
        ParseResult parsed = context.ParseResult;
        string passed = string.Join(' ', [PassesOnTo, .. parsed.UnmatchedTokens]) + (context.WordToComplete.Length == 0 ? " " : "");
        return own.Concat(parsed.RootCommandResult.Command.Parse(passed).GetCompletions(passed.Length)).DistinctBy(item => item.Label);
    }
}
