using System.CommandLine;
using System.Globalization;
using SoraHpc.Cli.CommandLine;
using SoraHpc.Diagnostics;

namespace SoraHpc.Cli.Slurm;

/// <summary>The options of <c>sora submit</c> that say what is asked of Slurm.</summary>
internal sealed class BatchOptions
{
    private const int DefaultWarning = 60;

    private readonly Option<int?> nodes = CommandOptions.Integer("--nodes", "Nodes. Default: as Slurm finds room", least: 1);
    private readonly Option<int?> tasks = CommandOptions.Integer("--ntasks", "Ranks over all nodes. Default: one a node", least: 1);
    private readonly Option<int?> tasksPerNode = CommandOptions.Integer("--ntasks-per-node", "Ranks on each node", least: 1);
    private readonly Option<int?> cores = CommandOptions.Integer("--cpus-per-task", "Cores of each rank. Default: 1", least: 1);
    private readonly Option<string?> time = CommandOptions.Text("--time", "Longest time: 30 (minutes), 1:30:00 or 2-12:00:00. Default: the partition's", "TIME");
    private readonly Option<string?> queue = CommandOptions.Text("--queue", "Slurm's partition; --partition says how the grid is cut. Default: Slurm's", "NAME");
    private readonly Option<string?> account = CommandOptions.Text("--account", "Account to charge", "NAME");
    private readonly Option<string?> memory = CommandOptions.Text("--mem", "Memory of each node, such as 64G", "SIZE");
    private readonly Option<string?> array = CommandOptions.Text("--array", $"Run once for each number of 1-4, 0-12:3 or 1,3,7%2; {ArrayTasks.Placeholder} in the job's options is the number", "TASKS");
    private readonly Option<string?> after = CommandOptions.Text("--after", "Start once the job of this number has ended well", "ID");
    private readonly Option<bool> requeue = new("--requeue") { Description = "Go back into the queue when the time is over, the nodes are taken or a node fails; needs --checkpoint" };
    private readonly Option<int?> warning = CommandOptions.Integer("--warning", $"Seconds before the end of the time at which the run saves and stops. Default: {DefaultWarning}", least: 1, most: 65535);
    private readonly Option<string[]> modules = new("--module") { Description = "Environment module to load first; may be given several times", HelpName = "NAME" };

    internal BatchOptions()
    {
        CommandOptions.Check(time, text => SlurmTime.Parse(text));
        CommandOptions.Check(array, text => ArrayTasks.Parse(text));
    }

    internal Option<string?> Container { get; } = CommandOptions.Text("--container", "Image that apptainer runs the ranks in; sora must be on its PATH", "IMAGE");

    internal Option<string?> Log { get; } = CommandOptions.Text("--log", "Slurm's pattern for the log's file. Default: beside the output, NAME-%j.log", "FILE");

    internal void AddTo(Command command)
    {
        foreach (Option option in (Option[])[nodes, tasks, tasksPerNode, cores, time, queue, account, memory, array, after, requeue, warning, modules, Container, Log])
            command.Options.Add(option);
    }

    /// <summary>Numbers of an array's tasks; empty where there is none.</summary>
    internal IReadOnlyList<int> TasksOf(ParseResult parsed) => parsed.GetValue(array) is { } list ? ArrayTasks.Parse(list) : [];

    /// <summary>The job without what it runs.</summary>
    /// <param name="saves">It leaves checkpoints.</param>
    /// <exception cref="UsageException">Options that do not go together.</exception>
    internal BatchJob Of(ParseResult parsed, string name, string log, bool saves)
    {
        int? seconds = parsed.GetValue(warning);
        if (!saves && (parsed.GetValue(requeue) || seconds is not null))
            throw new UsageException($"{(seconds is null ? requeue.Name : warning.Name)} needs something to go on from: give --checkpoint DIR too");
        int ahead = seconds ?? DefaultWarning;
        if (saves && parsed.GetValue(time) is { } limit && SlurmTime.Parse(limit).TotalSeconds <= ahead)
            throw new UsageException($"--time {limit} is over before the run has begun: it saves and stops {ahead} s ahead; give more time, or a smaller --warning");
        return new()
        {
            Name = name,
            Log = log,
            Program = [],
            Modules = parsed.GetValue(modules) ?? [],
            Warning = saves ? ahead : null,
            Requeue = parsed.GetValue(requeue),
            Requests = Requests(parsed),
        };
    }

    private string[] Requests(ParseResult parsed)
    {
        (string Name, string? Value)[] all =
        [
            ("--nodes", Text(parsed.GetValue(nodes))), ("--ntasks", Text(parsed.GetValue(tasks))), ("--ntasks-per-node", Text(parsed.GetValue(tasksPerNode))),
            ("--cpus-per-task", Text(parsed.GetValue(cores))), ("--time", parsed.GetValue(time)), ("--partition", parsed.GetValue(queue)),
            ("--account", parsed.GetValue(account)), ("--mem", parsed.GetValue(memory)), ("--array", parsed.GetValue(array)),
            ("--dependency", parsed.GetValue(after) is { } job ? $"afterok:{job}" : null),
        ];
        return [.. all.Where(request => request.Value is not null).Select(request => $"{request.Name}={request.Value}")];
    }

    private static string? Text(int? number) => number?.ToString(CultureInfo.InvariantCulture);
}
