using System.CommandLine;
using SoraHpc.Cli.CommandLine;
using SoraHpc.Diagnostics;
using SoraHpc.Runtime.Resilience;

namespace SoraHpc.Cli.Run;

/// <summary>The options about checkpoints and what happens after a failure; the same for every job.</summary>
internal sealed class CheckpointSettings
{
    private const string IfAny = "auto";

    private readonly Option<string?> directory = CommandOptions.Text("--checkpoint", "Directory for checkpoints of this run, from which it can go on after a failure. Default: none are written", "DIR");
    private readonly Option<string?> every = CommandOptions.Text("--checkpoint-every", "Time or steps from one to the next: 90s, 10m, 2h, 500steps. Default: 10m", "INTERVAL");
    private readonly Option<string?> meanTime = CommandOptions.Text("--mtbf", "Mean time between failures; checkpoints come as often as costs least with it, instead of --checkpoint-every", "TIME");
    private readonly Option<string?> copies = CommandOptions.Text("--copies-every", "Time or steps from one copy in the ranks' memories to the next: 10s, 100steps. Default: in 1 % of the time with --check or --survive, else none are made", "INTERVAL");
    private readonly Option<int?> check = new("--check") { Description = "Look every so many steps whether the numbers can be right, and repeat the steps from the newest copy in memory if not. Default: 10", HelpName = "STEPS", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string?> restart = CommandOptions.Choice("--restart",
        "Go on from the newest checkpoint in --checkpoint, on any number of ranks and any partition; with auto only if there is one", IfAny);
    private readonly Option<string?> key = CommandOptions.Text("--checkpoint-key", "File with the key to encrypt checkpoints with, readable by its owner alone. Default: not encrypted", "FILE");

    internal CheckpointSettings()
    {
        restart.Arity = ArgumentArity.ZeroOrOne;
        CommandOptions.Check(every, text => CheckpointInterval.Parse(text));
        CommandOptions.Check(copies, text => CheckpointInterval.Parse(text));
        CommandOptions.Check(meanTime, text => CheckpointInterval.ForFailures(CheckpointInterval.ParseTime(text)));
    }

    /// <summary>How often a run that fails is started again by the process that started its ranks.</summary>
    internal Option<int?> Restarts { get; } = CommandOptions.Integer("--restarts", "After a failure start the ranks again from the newest checkpoint, up to so many times. Default: 0", least: 0);

    /// <summary>Whether a run starts from a checkpoint; given to itself by a process that starts ranks again.</summary>
    internal Option Restart => restart;

    internal void AddTo(Command command)
    {
        foreach (Option option in (Option[])[directory, every, meanTime, restart, key, copies, check, Restarts])
        {
            option.Recursive = true;
            command.Options.Add(option);
        }
    }

    /// <summary>Null: no checkpoints.</summary>
    /// <param name="survives">The run goes on when ranks die, and so makes copies.</param>
    /// <exception cref="UsageException">Options that do not go together.</exception>
    internal CheckpointOptions? Of(ParseResult parsed, bool survives = false)
    {
        (string? folder, string? interval, string? mean) = (parsed.GetValue(directory), parsed.GetValue(every), parsed.GetValue(meanTime));
        if (folder is null && new Option[] { every, meanTime, restart, key, Restarts }.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } alone)
            throw new UsageException($"{alone.Name} is about checkpoints: give --checkpoint DIR too");
        if (interval is not null && mean is not null)
            throw new UsageException("--mtbf finds the interval that --checkpoint-every gives: leave out one of the two");
        CheckpointInterval? often = parsed.GetValue(copies) is { } text ? CheckpointInterval.Parse(text) : survives || IntegrityOf(parsed) is not null ? CheckpointInterval.Cheap : null;
        return folder is null && often is null ? null : new()
        {
            Directory = folder,
            Interval = interval is not null ? CheckpointInterval.Parse(interval)
                : mean is not null ? CheckpointInterval.ForFailures(CheckpointInterval.ParseTime(mean)) : CheckpointInterval.Default,
            Copies = often,
            Restart = parsed.GetResult(restart) is { Implicit: false },
            RestartIsOptional = parsed.GetValue(restart) == IfAny,
            KeyFile = parsed.GetValue(key),
        };
    }

    /// <summary>Null: the numbers are not looked at.</summary>
    /// <exception cref="UsageException">Less than 1 step.</exception>
    internal IntegrityOptions? IntegrityOf(ParseResult parsed) => parsed.GetResult(check) is not { Implicit: false } ? null
        : parsed.GetValue(check) is { } steps ? new() { Every = steps } : new();

    /// <summary>The command line without what concerns the process that starts ranks again.</summary>
    internal string[] WordsOfOneAttempt(ParseResult parsed)
    {
        List<string> words = [.. parsed.Tokens.Select(token => token.Value)];
        words.RemoveRange(words.IndexOf(Restarts.Name), 2);
        return [.. words];
    }
}
