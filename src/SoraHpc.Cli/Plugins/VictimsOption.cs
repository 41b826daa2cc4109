using System.CommandLine;
using System.Reflection;
using SoraHpc.Runtime.Stealing;

namespace SoraHpc.Cli.Plugins;

/// <summary><c>--victims</c>: whom a rank without tasks steals from. A selector is a struct its pool is compiled for, so the generic type is closed
/// here, once, by reflection; afterwards nothing tells it from one that was written in the program.</summary>
internal sealed class VictimsOption
{
    private const string Thief = "thief", Ranks = "ranks";

    private readonly StrategyOption strategy;

    internal VictimsOption(PluginOption plugin) =>
        strategy = new(plugin, "--victims", "Whom a rank without tasks steals from. Default: near", typeof(IVictimSelector), ["near"], Thief, Ranks);

    internal Option<string?> Option => strategy.Option;

    /// <summary>The selection asked for; null for our own.</summary>
    /// <exception cref="PluginException">The plug-in has no such struct, or it cannot be made with these arguments.</exception>
    internal VictimSelection? Of(ParseResult parsed)
    {
        if (strategy.TypeOf(parsed) is not { } construction)
            return null;
        _ = construction.Create((Thief, 0), (Ranks, 1));        // what its constructor refuses is told before ranks start
        return (VictimSelection)typeof(VictimsOption).GetMethod(nameof(Select), BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(construction.Type).Invoke(null, [construction])!;
    }

    private static VictimSelection Select<TSelector>(Construction construction) where TSelector : struct, IVictimSelector =>
        VictimSelection.By((thief, ranks) => (TSelector)construction.Create((Thief, thief), (Ranks, ranks)));
}
