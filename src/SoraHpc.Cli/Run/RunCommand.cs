using System.CommandLine;
using SoraHpc.Cli.CommandLine;
using SoraHpc.Cli.Launching;
using SoraHpc.Cli.Plugins;
using SoraHpc.Cli.Report;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.Diagnostics.Tracing;
using SoraHpc.Runtime;
using SoraHpc.Runtime.Recording;
using SoraHpc.Runtime.Resilience;

namespace SoraHpc.Cli.Run;

/// <summary>A run that is not run yet.</summary>
/// <param name="Job">Its name.</param>
/// <param name="Files">What it leaves behind when it succeeds.</param>
/// <param name="Checkpoints">Null: none.</param>
internal sealed record RunPlan(string Job, IReadOnlyList<(string Kind, string File)> Files, CheckpointOptions? Checkpoints);

/// <summary><c>sora run JOB</c>: the same command on threads, under mpiexec and under srun.</summary>
internal static class RunCommand
{
    internal static Command Create() => Create(Run);

    /// <summary>Reads the words of a run and says what is wrong with them, without running it.</summary>
    /// <param name="words">What follows <c>sora run</c>.</param>
    /// <exception cref="UsageException">They are no run.</exception>
    internal static RunPlan Plan(IReadOnlyList<string> words)
    {
        RunPlan? plan = null;
        Command run = Create((job, parsed, settings) =>
        {
            Bind(job, parsed);
            plan = new(job.Name, job.Files(parsed), settings.Checkpoints.Of(parsed, settings.Survival.IsAsked(parsed)));
            return 0;
        });
        ParseResult parsed = new RootCommand { run }.Parse([run.Name, .. words]);
        if (UsageErrors.FirstOf(parsed) is { } wrong)
            throw new UsageException(wrong);
        parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        return plan!;
    }

    private static Command Create(Func<IJobCommand, ParseResult, RunSettings, int> action)
    {
        var settings = new RunSettings();
        var run = new Verb("run", "Runs a job.", "sora run weather --case 5 --hours 24 --output forecast.h5 --ranks 4");
        settings.AddTo(run);
        foreach (IJobCommand job in JobCommands.All())
        {
            var command = new Verb(job.Name, job.Description, job.Example);
            foreach (Option option in job.Options)
                command.Options.Add(option);
            command.SetAction(parsed => action(job, parsed, settings));
            run.Subcommands.Add(command);
        }
        return run;
    }

    private static int Run(IJobCommand job, ParseResult parsed, RunSettings settings)
    {
        // Before any rank is started, so that a wrong option is said once and not by every rank.
        Func<Communicator, SoraOptions, RunResult> body = Bind(job, parsed);
        CheckpointOptions? checkpoints = settings.Checkpoints.Of(parsed, settings.Survival.IsAsked(parsed));
        IntegrityOptions? integrity = settings.Checkpoints.IntegrityOf(parsed);
        TraceOutput traces = settings.Recordings.OutputOf(parsed);
        var launcher = new RankLauncher(parsed, settings.Launch, settings.Survival);
        TextWriter output = parsed.InvocationConfiguration.Output, error = parsed.InvocationConfiguration.Error;
        RecordingOptions? recorded = settings.Recordings.Of(parsed, traces, error);
        DateTimeOffset started = DateTimeOffset.Now;
        if (checkpoints?.Directory is null)
            return launcher.Run(communicator => RunOnRank(communicator, checkpoints));
        if (parsed.GetValue(settings.Checkpoints.Restarts) is > 0 and var restarts)
            return launcher.RunAgainAfterFailures(new RestartLoop(restarts, checkpoints, error), settings.Checkpoints);
        using StopSignals signals = new();
        bool stopped = false;
        return launcher.RunUntilStopped(communicator =>
        {
            stopped = false;                        // a death may have come before the stop was done on all ranks
            try
            {
                RunOnRank(communicator, checkpoints with { Stop = signals.Asked });
            }
            catch (RunStoppedException stop)    // every rank comes here after the same step, and the world is closed as after its end
            {
                stopped = true;
                if (!communicator.IsRoot)
                    return;
                error.WriteLine($"sora: {stop.Message}");
                settings.Survival.Tell(parsed, RunStoppedException.TryAgainExitCode);
            }
        }, () => stopped);

        void RunOnRank(Communicator communicator, CheckpointOptions? saving)
        {
            using Progress? progress = communicator.IsRoot ? launcher.CreateProgress(error) : null;
            using RunRecording? recording = recorded is null ? null : new(communicator, recorded);
            RunResult result = body(communicator, new SoraOptions { Observer = progress is null ? null : new ProgressObserver(progress), Checkpoints = saving, Integrity = integrity });
            RunTrace? trace = recording?.Finish($"{result.Job} on {communicator.Size} rank{(communicator.Size == 1 ? "" : "s")}", RecordingSettings.Facts(parsed, communicator, result, started));
            if (!communicator.IsRoot)
                return;
            output.Write(RunSummary.Render(result));
            if (recording is not null)
                output.WriteLine($"  {recording.Energy}");
            foreach ((string kind, string file) in job.Files(parsed))
                output.WriteLine($"{kind}: {Path.GetFullPath(file)}");
            foreach ((string kind, string file) in trace is null ? [] : traces.Write(trace))
                output.WriteLine($"{kind}: {Path.GetFullPath(file)}");
            output.Flush();
        }
    }

    // A rank of a launcher may be the only one that misses a plug-in's file or has another one: it tells when it can end the others too.
    private static Func<Communicator, SoraOptions, RunResult> Bind(IJobCommand job, ParseResult parsed)
    {
        try
        {
            return job.Bind(parsed);
        }
        catch (PluginException failure) when (LaunchEnvironment.Read().Transport == Transport.Mpi)
        {
            return (_, _) => throw failure;
        }
    }
}
