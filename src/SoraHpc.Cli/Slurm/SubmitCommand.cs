using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using SoraHpc.Cli.CommandLine;
using SoraHpc.Cli.Launching;
using SoraHpc.Cli.Run;
using SoraHpc.Diagnostics;

namespace SoraHpc.Cli.Slurm;

/// <summary><c>sora submit JOB</c>: the same words as <c>sora run JOB</c>, checked now, run when Slurm has nodes for them.</summary>
internal sealed class SubmitCommand
{
    private readonly BatchOptions batch = new();
    private readonly Option<string?> mpi = CommandOptions.Text("--mpi", "The MPI of the ranks: openmpi, mpich, or a library's path. Default: the one that mpiexec belongs to", "openmpi|mpich|PATH");
    private readonly Option<string?> launcher = CommandOptions.Choice("--launcher", "What starts the ranks. Default: srun", "srun", "mpiexec");
    private readonly Option<bool> dryRun = new("--dry-run") { Description = "Print the script; write and submit nothing" };
    private readonly Option<bool> json = SlurmCommands.Json();

    internal static Command Create()
    {
        var submit = new SubmitCommand();
        var command = new Verb("submit", "Puts a run into Slurm's queue: writes its batch script and hands it to sbatch. Takes the job and its options as sora run does.",
            "sora submit weather --case 5 --hours 24 --output forecast.h5 --nodes 2 --ntasks 8 --time 30") { TreatUnmatchedTokensAsErrors = false, PassesOnTo = "run" };
        submit.batch.AddTo(command);
        foreach (Option option in (Option[])[submit.mpi, submit.launcher, submit.dryRun, submit.json])
            command.Options.Add(option);
        command.SetAction(submit.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        TextWriter output = parsed.InvocationConfiguration.Output;
        IReadOnlyList<string> words = parsed.UnmatchedTokens;
        RunPlan plan = PlanOf(words, batch.TasksOf(parsed));
        bool isArray = batch.TasksOf(parsed).Count > 0;
        string stem = StemOf(plan, isArray), log = parsed.GetValue(batch.Log) ?? $"{stem}-{(isArray ? "%A_%a" : "%j")}.log";
        BatchJob job = batch.Of(parsed, plan.Job, log, plan.Checkpoints is not null);
        bool withSrun = parsed.GetValue(launcher) != "mpiexec";
        LauncherFamily family = FamilyOf(parsed.GetValue(mpi));
        string script = BatchScript.Render(job with { Srun = withSrun ? family : null, Program = Program(parsed, plan, words, family, withSrun) });
        if (parsed.GetValue(dryRun))
        {
            output.Write(script);
            return 0;
        }
        if (withSrun)
            CheckProtocol(family);
        CheckFolderOf(log);
        string file = Write($"{stem}.sbatch", script);
        string id = SlurmProgram.Run("sbatch", "--parsable", file).Trim().Split(';')[0];
        (file, log) = (Path.GetFullPath(file), Path.GetFullPath(log).Replace("%j", id).Replace("%A", id));
        output.WriteLine(parsed.GetValue(json) ? JsonSerializer.Serialize(new { job = id, script = file, log }) : $"job {id}\nscript: {file}\nlog: {log}");
        return 0;
    }

    /// <summary>Every task's run is checked before any waits in the queue; the first one's plan stands for all.</summary>
    private static RunPlan PlanOf(IReadOnlyList<string> words, IReadOnlyList<int> tasks)
    {
        if (words.Count == 0 || words[0].StartsWith('-'))
            throw new UsageException("sora submit needs a job first, and its options as sora run takes them: sora submit weather --case 5 …");
        if (words.FirstOrDefault(word => word is "--ranks" or "--restarts" or "--started-by-sora") is { } notHere)
            throw new UsageException($"{notHere} is for sora run; in a job of Slurm {(notHere == "--ranks" ? "--ntasks says how many ranks" : "--requeue starts it again")}");
        if (tasks.Count == 0)
            return RunCommand.Plan(words);
        RunPlan[] plans = [.. tasks.Select(task => RunCommand.Plan(ArrayTasks.WordsOf(task, words)))];
        var shared = plans.SelectMany(plan => plan.Files.Select(file => file.File).Append(plan.Checkpoints?.Directory)).OfType<string>()
            .GroupBy(file => file).FirstOrDefault(group => group.Count() > 1);
        if (shared is not null)
            throw new UsageException($"{shared.Key} would be written by {shared.Count()} tasks of the array: put {ArrayTasks.Placeholder} into its name");
        return plans[0];
    }

    // Beside the result, under its name; the tasks of an array have one script for all.
    private static string StemOf(RunPlan plan, bool isArray)
    {
        string result = plan.Files.Count > 0 ? plan.Files[0].File : plan.Job;
        return isArray ? Path.Combine(Path.GetDirectoryName(result) ?? "", $"{plan.Job}-array") : Path.ChangeExtension(result, null);
    }

    private static LauncherFamily FamilyOf(string? mpi)
    {
        mpi ??= Environment.GetEnvironmentVariable("SORA_MPI") is { Length: > 0 } variable ? variable : null;
        return MpiLauncher.FamilyOf(mpi) ?? MpiLauncher.Find(mpi).Family;
    }

    private string[] Program(ParseResult parsed, RunPlan plan, IReadOnlyList<string> words, LauncherFamily family, bool withSrun)
    {
        // mpiexec's ranks get theirs from the program that starts it. What an image has cannot be asked here.
        bool canShield = parsed.GetValue(batch.Container) is not null || StopSignals.CanShield();
        IReadOnlyList<string> shield = plan.Checkpoints?.Directory is not null && withSrun && canShield ? StopSignals.Shield : [];
        string[] self = parsed.GetValue(batch.Container) is { } image ? ["apptainer", "exec", image, .. shield, "sora"] : [.. shield, .. LaunchedRanks.Self()];
        string library = parsed.GetValue(mpi) ?? (family == LauncherFamily.OpenMpi ? "openmpi" : "mpich");
        bool findsStart = plan.Checkpoints is { Restart: false };       // the first start has no checkpoint yet, a later one has
        return [.. self, "run", .. words, "--mpi", library, .. withSrun ? (string[])[] : ["--launcher", "mpiexec"], .. findsStart ? (string[])["--restart", "auto"] : []];
    }

    private static void CheckProtocol(LauncherFamily family)
    {
        IReadOnlyList<string> protocols = SlurmProgram.StartProtocols();
        (string protocol, string library) = family == LauncherFamily.OpenMpi ? ("pmix", "Open MPI") : ("pmi2", "MPICH");
        if (!protocols.Contains(protocol))
            throw new SoraException($"this Slurm's srun speaks {string.Join(", ", protocols)}, but {library} needs {protocol}: give --launcher mpiexec");
    }

    // A job whose log cannot be written fails at once, on a node where nobody looks.
    private static void CheckFolderOf(string log)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(log))!;
        if (!Directory.Exists(folder))
            throw new SoraException($"the log cannot be written into {folder}: there is no such directory");
        try
        {
            string trial = Path.Combine(folder, $".{Path.GetRandomFileName()}");
            File.Create(trial).Dispose();
            File.Delete(trial);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new SoraException($"the log cannot be written into {folder}: {refused.Message}", refused);
        }
    }

    private static string Write(string file, string script)
    {
        try
        {
            File.WriteAllText(file, script);
            return file;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new SoraException($"the script cannot be written: {refused.Message}", refused);
        }
    }
}
