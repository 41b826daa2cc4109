using System.CommandLine;
using SoraHpc.Cli.Plugins;
using SoraHpc.Diagnostics;
using SoraHpc.Runtime.Elasticity;

namespace SoraHpc.Cli.Run;

/// <summary>How many ranks take part as the run goes on; the same for every job that can be resized.</summary>
internal sealed class ElasticOption(PluginOption plugin)
{
    private readonly StrategyOption strategy = new(plugin, "--elastic", "How many ranks take part as the run goes on: schedule:2@0,4@100 from these steps on; expand:1..4, shrink:1..4 or follow:1..4 "
        + "with the work, looked at every 100 steps or as ,every=N says. Default: fixed, all", typeof(IElasticity), ElasticText.Words);

    internal Option<string?> Option => strategy.Option;

    /// <summary>What every rank gets; one of its own where it is a plug-in's.</summary>
    /// <exception cref="UsageException">It is none, or its numbers do not go together.</exception>
    /// <exception cref="PluginException">A plug-in that cannot be loaded, or does not have what is asked for.</exception>
    internal Func<IElasticity> Of(ParseResult parsed)
    {
        if (strategy.Factory<IElasticity>(parsed) is { } own)
            return own;
        IElasticity ours = ElasticText.Parse(parsed.GetValue(Option) ?? "fixed");       // keeps nothing: ranks may share it
        return () => ours;
    }
}
