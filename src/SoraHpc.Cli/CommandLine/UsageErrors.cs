using System.CommandLine;
using System.CommandLine.Parsing;

namespace SoraHpc.Cli.CommandLine;

/// <summary>What is wrong with a command line, in one line of a person's words.</summary>
internal static class UsageErrors
{
    /// <summary>The first thing that is wrong; null when nothing is.</summary>
    internal static string? FirstOf(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        if (parsed.UnmatchedTokens.Count > 0 && command.TreatUnmatchedTokensAsErrors)
            return Unknown(parsed.UnmatchedTokens[0], parsed);
        if (parsed.Errors.Count == 0)
            return null;
        ParseError error = parsed.Errors[0];
        if (error.SymbolResult is OptionResult { Option: var option } given)
            return OfOption(option, given, error);
        if (command.Subcommands.Any(verb => !verb.Hidden) && command.Action is null)
            return $"{PathOf(parsed)} needs one of: {Names(command)}; see {PathOf(parsed)} --help";
        return $"{error.Message.TrimEnd('.')}; see {PathOf(parsed)} --help";
    }

    private static string Unknown(string token, ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        if (token.StartsWith('-'))
            return $"unknown option {token} of {PathOf(parsed)}{Suggestion.For(token, OptionNames(parsed))} (all: {PathOf(parsed)} --help)";
        if (command.Subcommands.Count == 0)
            return $"{PathOf(parsed)} takes no '{token}': values follow an option; see {PathOf(parsed)} --help";
        string kind = command is RootCommand ? "verb" : command.Name == "run" ? "job" : "name";
        return $"unknown {kind} '{token}'{Suggestion.For(token, command.Subcommands.Select(verb => verb.Name))} ({kind}s: {Names(command)})";
    }

    private static string OfOption(Option option, OptionResult given, ParseError error)
    {
        if (given.IdentifierTokenCount > 1)
            return $"{option.Name} is given {given.IdentifierTokenCount} times; once is enough";
        if (given.Tokens.Count == 0 && given.IdentifierTokenCount > 0)
            return $"{option.Name} needs a value";
        if (given.IdentifierTokenCount == 0)
            return $"{option.Name} is missing: {option.Description}";
        string kind = option.ValueType == typeof(int) || option.ValueType == typeof(int?) ? "a whole number"
            : option.ValueType == typeof(double) || option.ValueType == typeof(double?) ? "a number" : "";
        return kind.Length > 0 && error.Message.StartsWith("Cannot parse", StringComparison.Ordinal)
            ? $"{option.Name} takes {kind}, not '{given.Tokens[0].Value}'"
            : error.Message;
    }

    private static string Names(Command command) =>
        string.Join(", ", command.Subcommands.Where(verb => !verb.Hidden).Select(verb => verb.Name));

    /// <summary>The command's own options and those of the verbs above it that it inherits.</summary>
    private static IEnumerable<string> OptionNames(ParseResult parsed)
    {
        IEnumerable<Option> options = parsed.CommandResult.Command.Options;
        for (SymbolResult? above = parsed.CommandResult.Parent; above is CommandResult { Command: var verb }; above = above.Parent)
            options = options.Concat(verb.Options.Where(option => option.Recursive));
        return options.Where(option => !option.Hidden).Select(option => option.Name);
    }

    private static string PathOf(ParseResult parsed)
    {
        string path = "";
        for (SymbolResult? result = parsed.CommandResult; result is CommandResult { Command: var command }; result = result.Parent)
            path = command is RootCommand ? $"sora{path}" : $" {command.Name}{path}";
        return path;
    }
}
