using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using SoraHpc.Diagnostics;

namespace SoraHpc.Cli.CommandLine;

/// <summary>Options whose values are checked while the command line is read, so that wrong ones never start a rank.</summary>
internal static class CommandOptions
{
    /// <summary>A whole number in a range; null when not given.</summary>
    internal static Option<int?> Integer(string name, string description, int least = int.MinValue, int most = int.MaxValue)
    {
        var option = new Option<int?>(name) { Description = description, HelpName = "N" };
        option.Validators.Add(result => CheckRange(result, least, most, least == int.MinValue, most == int.MaxValue));
        return option;
    }

    /// <summary>A finite number in a range; null when not given.</summary>
    internal static Option<double?> Number(string name, string description, double least = double.NegativeInfinity, double most = double.PositiveInfinity)
    {
        var option = new Option<double?>(name) { Description = description, HelpName = "X" };
        option.Validators.Add(result => CheckRange(result, least, most, double.IsInfinity(least), double.IsInfinity(most)));
        return option;
    }

    /// <summary>Any text but an empty one: a file, a name; null when not given.</summary>
    internal static Option<string?> Text(string name, string description, string placeholder)
    {
        var option = new Option<string?>(name) { Description = description, HelpName = placeholder };
        option.Validators.Add(result => RefuseEmpty(result, name, placeholder));
        return option;
    }

    /// <summary>One of the words; null when not given.</summary>
    internal static Option<string?> Choice(string name, string description, params string[] words)
    {
        var option = new Option<string?>(name) { Description = description, HelpName = string.Join('|', words) };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var typed }] && !words.Contains(typed))
                result.AddError($"{name} takes {string.Join(", ", words)}, not '{typed}'{Suggestion.For(typed, words)}");
        });
        return option;
    }

    /// <summary>Has the option's text parsed: what <see cref="UsageException"/> says against it is told with the option's name.</summary>
    internal static void Check(Option<string?> option, Action<string> parse) => option.Validators.Add(result =>
    {
        if (result.Tokens is not [{ Value: var text }])
            return;
        try
        {
            parse(text);
        }
        catch (UsageException wrong)
        {
            result.AddError($"{option.Name}: {wrong.Message}");
        }
    });

    /// <summary>An empty text names nothing: a shell makes it of a variable that is not set.</summary>
    internal static void RefuseEmpty(SymbolResult result, string name, string placeholder)
    {
        if (result.Tokens is [{ Value: "" }])
            result.AddError($"{name} takes {placeholder}, not an empty text");
    }

    private static void CheckRange(OptionResult result, double least, double most, bool noLeast, bool noMost)
    {
        if (result.Tokens is not [{ Value: var typed }]
            || !double.TryParse(typed, NumberStyles.Float, CultureInfo.InvariantCulture, out double value))
            return;                             // the parser itself says what is wrong
        if (value >= least && value <= most && double.IsFinite(value))
            return;
        string range = noLeast && noMost ? "a finite number" : noMost ? $"at least {Text(least)}" : noLeast ? $"at most {Text(most)}" : $"between {Text(least)} and {Text(most)}";
        result.AddError($"{result.Option.Name} must be {range}, not {typed}");
    }

    private static string Text(double bound) => bound.ToString(CultureInfo.InvariantCulture);
}
