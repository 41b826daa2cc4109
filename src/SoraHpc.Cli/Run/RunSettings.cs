using System.CommandLine;

namespace SoraHpc.Cli.Run;

/// <summary>The options that every job's run has.</summary>
internal sealed class RunSettings
{
    internal LaunchOptions Launch { get; } = new();

    internal CheckpointSettings Checkpoints { get; } = new();

    internal SurvivalSettings Survival { get; } = new();

    internal RecordingSettings Recordings { get; } = new();

    internal void AddTo(Command command)
    {
        Launch.AddTo(command);
        Checkpoints.AddTo(command);
        Survival.AddTo(command);
        Recordings.AddTo(command);
    }
}
