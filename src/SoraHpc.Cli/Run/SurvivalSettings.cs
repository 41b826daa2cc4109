using System.CommandLine;
using System.Globalization;
using SoraHpc.Cli.CommandLine;
using SoraHpc.Communication;

namespace SoraHpc.Cli.Run;

/// <summary>The option that lets a run go on without the ranks that die, and how its outcome then comes to the process that started the ranks.</summary>
internal sealed class SurvivalSettings
{
    private const string Shrink = "shrink", Replace = "replace";

    private readonly Option<string?> survive = CommandOptions.Choice("--survive",
        "Go on when a rank's process dies: with the others alone, or with new ranks in the places of the dead. Default with the option alone: shrink", Shrink, Replace);

    private readonly Option<string?> outcome = CommandOptions.Text("--outcome", "File for the exit code of a run that survives", "FILE");

    internal SurvivalSettings() => (survive.Arity, outcome.Hidden) = (ArgumentArity.ZeroOrOne, true);

    internal void AddTo(Command command)
    {
        foreach (Option option in (Option[])[survive, outcome])
        {
            option.Recursive = true;
            command.Options.Add(option);
        }
    }

    internal bool IsAsked(ParseResult parsed) => parsed.GetResult(survive) is { Implicit: false };

    /// <summary>Null: a death ends the run.</summary>
    /// <param name="exitCode">Of a run whose body has returned on all ranks.</param>
    internal SurvivalOptions? Of(ParseResult parsed, Func<int> exitCode) => !IsAsked(parsed) ? null
        : new() { Replace = parsed.GetValue(survive) == Replace, OutcomeFile = parsed.GetValue(outcome), ExitCode = exitCode };

    /// <summary>Says on the rank that prints how a run has ended that does not survive deaths: a launcher that hands on a signal may lose the exit code of the
    /// ranks it ends (Hydra 4.0: about one time in three). Where the file cannot be written the launcher's own code stands.</summary>
    internal void Tell(ParseResult parsed, int exitCode)
    {
        if (IsAsked(parsed) || parsed.GetValue(outcome) is not { } file)
            return;
        try
        {
            File.WriteAllText(file, exitCode.ToString(CultureInfo.InvariantCulture));
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
        }
    }

    /// <summary>Starts ranks and finds out how their run ended: a launcher that lets ranks die always ends with 0 (Open MPI 4.1), and a run that nobody
    /// has told the end of has failed.</summary>
    /// <param name="isAlwaysTold">Whether a run that has ended well has told so.</param>
    /// <param name="start">Starts the ranks with these words more and waits for the launcher.</param>
    internal (int Code, bool Signalled) Watch(string folder, bool isAlwaysTold, Func<string[], (int Code, bool Signalled)> start)
    {
        string file = Path.Combine(folder, $".sora-outcome-{Guid.NewGuid():N}");
        try
        {
            (int code, bool signalled) = start([outcome.Name, file]);
            return File.Exists(file) && int.TryParse(File.ReadAllText(file), NumberStyles.None, CultureInfo.InvariantCulture, out int told)
                ? (told, signalled) : (code == 0 && isAlwaysTold ? 1 : code, signalled);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
