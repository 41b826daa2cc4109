using System.CommandLine;
using SoraHpc.Cli.CommandLine;

namespace SoraHpc.Cli.Plugins;

/// <summary><c>--plugin FILE</c> of a command, and those of its options that can name a type in the file.</summary>
internal sealed class PluginOption
{
    private readonly Option<string?> file = CommandOptions.Text("--plugin", "Assembly with strategies of your own; the options that take NAME:argument=value,… find them there", "FILE.dll");
    private readonly List<StrategyOption> strategies = [];
    private Plugin? loaded;

    internal Option<string?> Option => file;

    internal void Add(StrategyOption strategy) => strategies.Add(strategy);

    /// <summary>The plug-in; null when none is given.</summary>
    /// <exception cref="PluginException">It cannot be loaded, or nothing of it is asked for: the message lists what it has.</exception>
    internal Plugin? Of(ParseResult parsed)
    {
        if (parsed.GetValue(file) is not { } path)
            return null;
        loaded ??= Plugin.Load(path);
        return strategies.Any(strategy => strategy.IsType(parsed)) ? loaded
            : throw new PluginException($"--plugin {path}: none of {string.Join(", ", strategies.Select(strategy => strategy.Option.Name))} names a type of it; it has {Listing(loaded)}");
    }

    private string Listing(Plugin plugin)
    {
        string[] lines = [.. strategies.SelectMany(strategy => strategy.Signatures(plugin).Select(signature => $"{strategy.Option.Name} {signature}"))];
        return lines.Length == 0 ? "none for them" : string.Join(", ", lines);
    }
}
