using System.CommandLine;
using System.Globalization;
using SoraHpc.Cli.CommandLine;
using SoraHpc.Cli.Run;
using SoraHpc.Communication;
using SoraHpc.Decomposition;
using SoraHpc.Jobs.Heat;
using SoraHpc.Jobs.Welding;
using SoraHpc.Runtime;
using SoraHpc.Runtime.Balancing;
using SoraHpc.Storage;

namespace SoraHpc.Cli.Bench;

/// <summary>
/// Welding with blocks that stay and with blocks that move, in turn; the best of several rounds counts, and both results are compared
/// bit for bit. With a rank slowed down on purpose it shows whether balancing finds that out by itself.
/// </summary>
internal sealed class BalanceBench : IBenchCommand
{
    private readonly WeldingPhysics physics = new();
    private readonly Option<int?> rows = CommandOptions.Integer("--rows", "Rows and columns of the plate. Default: 512", least: 16, most: 20_000);
    private readonly Option<int?> blocks = CommandOptions.Integer("--blocks", "Blocks a rank. Default: 16", least: 2, most: 1024);
    private readonly Option<int?> rounds = CommandOptions.Integer("--rounds", "Times each is measured, in turn. Default: 3", least: 1);

    /// <inheritdoc/>
    public string Name => "balance";

    /// <inheritdoc/>
    public string Description => "A moving hot spot: blocks that follow their cost beside blocks that stay.";

    /// <inheritdoc/>
    public string Example => "sora bench balance --ranks 2 --mpi openmpi --slow-rank 1";

    /// <inheritdoc/>
    public IReadOnlyList<Option> Options => [rows, blocks, .. physics.All, rounds];

    /// <inheritdoc/>
    public int Run(ParseResult parsed, RankLauncher launcher, TextWriter output)
    {
        int size = parsed.GetValue(rows) ?? 512, count = parsed.GetValue(rounds) ?? 3, pieces = parsed.GetValue(blocks) ?? 16;
        return launcher.Run(world =>
        {
            // A folder all ranks of this node see; the root makes it and its name goes to the others.
            using BenchFolder folder = new(world);
            WeldingOptions options = physics.Of(parsed, new()
            {
                DataFile = folder.File("plate.h5"), Output = folder.File("static.h5"), Partition = new SpaceFillingCurvePartitioner(pieces) { Merges = false },
            });
            if (world.IsRoot)
                HeatData.Write(options.DataFile, size, size);
            world.Barrier();
            (RunResult still, RunResult moving) = Measure(world, options, folder, count);
            if (world.IsRoot)
                Print(output, options, size, still, moving, count, Same(folder));
        });
    }

    private static (RunResult Static, RunResult Dynamic) Measure(Communicator world, WeldingOptions options, BenchFolder folder, int rounds)
    {
        RunResult? still = null, moving = null;
        for (int round = 0; round < rounds; round++)
        {
            still = Faster(still, WeldingJob.Run(world, options));
            moving = Faster(moving, WeldingJob.Run(world, options with { Output = folder.File("dynamic.h5"), Balancing = new DynamicBalancer() }));
        }
        return (still!, moving!);
    }

    private static RunResult Faster(RunResult? a, RunResult b) => a is null || b.StepSeconds < a.StepSeconds ? b : a;

    private static bool Same(BenchFolder folder)
    {
        foreach (string name in (string[])["temperature", "fraction"])
            if (!Bits(folder.File("static.h5"), name).SequenceEqual(Bits(folder.File("dynamic.h5"), name)))
                return false;
        return true;
    }

    private static IEnumerable<long> Bits(string path, string name)
    {
        using Hdf5File file = Hdf5File.Open(path);
        using Hdf5Dataset dataset = file.Dataset(name);
        return dataset.Read<double>().Select(BitConverter.DoubleToInt64Bits);
    }

    private static void Print(TextWriter output, WeldingOptions options, int size, RunResult still, RunResult moving, int rounds, bool same)
    {
        IReadOnlyList<Migration> moves = moving.Migrations;
        double ideal = moving.TotalWork / moving.Ranks.Sum(rank => rank.Capability), spent = moving.Ranks.Max(rank => rank.BalanceSeconds);
        List<FormattableString> lines =
        [
            $"welding, {size} × {size} cells, {still.Steps} steps on {still.Ranks.Count} ranks, {options.Partition}; best of {rounds}, in turn",
            $"blocks stay: {still.StepSeconds,8:0.000} s   λ max/mean over all steps {still.StepImbalance:0.000}",
            $"blocks move: {moving.StepSeconds,8:0.000} s   λ max/mean over all steps {moving.StepImbalance:0.000}   ratio {moving.StepSeconds / still.StepSeconds:0.000}",
            $"W/ΣP = {ideal:0.000} s: moving takes {moving.StepSeconds / ideal:0.000} times that, staying {still.StepSeconds / ideal:0.000} times",
            $"{moves.Count} moves, {moves.Sum(move => move.Parts)} blocks, {moves.Sum(move => move.Bytes) / 1e6:0.0} MB; balancing took {spent:0.000} s of the slowest rank",
        ];
        if (moves.Count > 0)
            lines.Add($"λ max/mean at the moves: {moves.Average(move => move.Before):0.000} before, {moves.Average(move => move.Predicted):0.000} predicted, {moves.Where(move => !double.IsNaN(move.After)).Select(move => move.After).DefaultIfEmpty(double.NaN).Average():0.000} after");
        if (options.SlowRank >= 0)
            lines.Add($"rank {options.SlowRank} computes everything {options.SlowFactor} times; capabilities measured {string.Join(" : ", moving.Ranks.Select(rank => FormattableString.Invariant($"{rank.Capability / moving.Ranks.Max(other => other.Capability):0.000}")))}");
        lines.Add($"results identical: {(same ? "yes" : "NO")}");
        foreach (FormattableString line in lines)
            output.WriteLine(line.ToString(CultureInfo.InvariantCulture));
        output.Flush();
    }
}
