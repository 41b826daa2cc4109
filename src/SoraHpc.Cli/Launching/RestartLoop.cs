using System.Globalization;
using SoraHpc.Runtime.Resilience;
using SoraHpc.Storage.Checkpoints;

namespace SoraHpc.Cli.Launching;

/// <summary>
/// Starts the ranks again from the newest checkpoint when they have failed, and says so in one line each time. Not again: wrong usage, which
/// would be as wrong the next time, and an end that somebody asked for with a signal.
/// </summary>
/// <param name="most">Times they are started again, ≥ 1.</param>
internal sealed class RestartLoop(int most, CheckpointOptions checkpoints, TextWriter error)
{
    private const int WrongUsage = 2;

    /// <param name="attempt">Starts all ranks, from the newest checkpoint if true, and waits for their end: the launcher's exit code, and
    /// whether it was told to end.</param>
    /// <returns>The exit code of the last attempt.</returns>
    internal int Run(Func<bool, (int Code, bool Signalled)> attempt)
    {
        bool goesOn = checkpoints.Restart;
        for (int restarts = 0; ; restarts++)
        {
            DateTime begun = DateTime.UtcNow;
            (int code, bool signalled) = attempt(goesOn);
            if (code is 0 or WrongUsage or RunStoppedException.TryAgainExitCode || signalled)
                return code;
            DateTime ended = DateTime.UtcNow;
            if (restarts == most)
            {
                Tell($"the run failed again after {Seconds(ended - begun)} ({Describe(code)}); it was started again {Times(most)}, which is as often as asked: go on with --restart");
                return code;
            }
            NewestCheckpoint? newest = NewestCheckpoint.In(checkpoints.Directory!);
            TimeSpan lost = ended - (newest?.Written > begun ? newest.Written : begun);
            string from = newest is null ? "there is no checkpoint yet, so it starts from its beginning" : newest.Step is { } step ? $"it goes on from step {step}" : "the newest checkpoint is damaged, it goes on from the one before";
            Tell($"the run failed after {Seconds(ended - begun)} ({Describe(code)}); {from}; {Seconds(lost)} of work lost; restart {restarts + 1} of {most}");
            goesOn = newest is not null;
        }
    }

    private void Tell(string line)
    {
        error.WriteLine($"sora: {line}");
        error.Flush();
    }

    // What a shell and the launchers make of a rank that a signal ended.
    private static string Describe(int code) => code > 128 ? $"exit code {code}: signal {code - 128}" : $"exit code {code}";

    private static string Times(int count) => count == 1 ? "once" : $"{count} times";

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, time.TotalSeconds):0.0} s");
}
