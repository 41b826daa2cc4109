using System.CommandLine;
using SoraHpc.Cli.CommandLine;
using SoraHpc.Diagnostics;

namespace SoraHpc.Cli.Plugins;

/// <summary>An option that takes one of our words, or the name of a type in the plug-in with arguments: <c>NAME:argument=value,…</c>.</summary>
internal sealed class StrategyOption
{
    private readonly PluginOption plugin;
    private readonly Type contract;
    private readonly string[] words, supplied;

    /// <param name="contract">The interface a type must implement.</param>
    /// <param name="words">Choices that are ours; one that ends in a colon is followed by arguments of its own.</param>
    /// <param name="supplied">Constructor parameters that the program gives.</param>
    internal StrategyOption(PluginOption plugin, string name, string description, Type contract, string[] words, params string[] supplied)
    {
        (this.plugin, this.contract, this.words, this.supplied) = (plugin, contract, words, supplied);
        Option = CommandOptions.Text(name, description, string.Join('|', [.. words, "NAME:…"]));
        plugin.Add(this);
    }

    internal Option<string?> Option { get; }

    /// <summary>Something other than our words is given.</summary>
    internal bool IsType(ParseResult parsed) => parsed.GetValue(Option) is { } value && !words.Any(word => word == value || word.EndsWith(':') && value.StartsWith(word, StringComparison.Ordinal));

    /// <summary>What makes the type asked for; null when it is one of our words, or nothing.</summary>
    /// <exception cref="UsageException">Neither a word of ours, nor a plug-in to look in.</exception>
    /// <exception cref="PluginException">The plug-in has no such type, or it cannot be made with these arguments.</exception>
    internal Construction? TypeOf(ParseResult parsed)
    {
        Plugin? file = plugin.Of(parsed);
        if (!IsType(parsed))
            return null;
        string[] written = parsed.GetValue(Option)!.Split(':', 2);
        if (file is null)
            throw new UsageException($"{Option.Name} takes {string.Join(", ", words)}, not '{written[0]}'{Suggestion.For(written[0], words)}; a type of your own needs --plugin FILE.dll");
        Type type = file.Find(Option.Name, written[0], contract);
        return Construction.Of(type, $"{Option.Name} {written[0]}", written.Length > 1 ? written[1] : "", supplied);
    }

    /// <summary>As <see cref="TypeOf"/>: makes an instance of its own for every rank. One is made at once, so that what a constructor refuses is told before ranks start.</summary>
    internal Func<TStrategy>? Factory<TStrategy>(ParseResult parsed) where TStrategy : class
    {
        if (TypeOf(parsed) is not { } construction)
            return null;
        _ = construction.Create();
        return () => (TStrategy)construction.Create();
    }

    /// <summary>What the plug-in has for this option.</summary>
    internal IEnumerable<string> Signatures(Plugin plugin) => plugin.Of(contract).Select(type => Construction.Signature(type, supplied));
}
