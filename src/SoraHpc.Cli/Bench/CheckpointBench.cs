using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Win32.SafeHandles;
using SoraHpc.Cli.CommandLine;
using SoraHpc.Cli.Run;
using SoraHpc.Communication;
using SoraHpc.Decomposition;
using SoraHpc.Storage.Checkpoints;

namespace SoraHpc.Cli.Bench;

/// <summary>
/// A checkpoint of one field, until it is complete, beside a plain parallel write: every rank writes its equal part of as many bytes into
/// one new file, flushes it to the disk and the ranks meet. Both in turn into the same folder; medians count.
/// </summary>
internal sealed class CheckpointBench : IBenchCommand
{
    private readonly Option<int?> size = CommandOptions.Integer("--megabytes", "MB of all ranks. Default: 256", least: 1, most: 1_000_000);
    private readonly Option<int?> rounds = CommandOptions.Integer("--rounds", "Times each is measured, in turn. Default: 5", least: 1);
    private readonly Option<string?> folder = CommandOptions.Text("--folder", "An existing folder on the disk to be measured. Default: the system's for temporary files", "FOLDER");
    private readonly Option<string?> key = CommandOptions.Text("--key", "Encrypt with the key in this file", "FILE");

    /// <inheritdoc/>
    public string Name => "checkpoint";

    /// <inheritdoc/>
    public string Description => "A checkpoint beside a plain parallel write of the same bytes.";

    /// <inheritdoc/>
    public string Example => "sora bench checkpoint --megabytes 256 --ranks 2 --mpi openmpi";

    /// <inheritdoc/>
    public IReadOnlyList<Option> Options => [size, rounds, folder, key];

    /// <inheritdoc/>
    public int Run(ParseResult parsed, RankLauncher launcher, TextWriter output)
    {
        long bytes = (parsed.GetValue(size) ?? 256) * 1_000_000L;
        int count = parsed.GetValue(rounds) ?? 5;
        return launcher.Run(world =>
        {
            using BenchFolder temporary = new(world, parsed.GetValue(folder));
            Seconds[] measured = Measure(world, temporary, bytes, count, parsed.GetValue(key));
            if (world.IsRoot)
                Print(output, world.Size, bytes, measured);
        });
    }

    /// <summary>One round.</summary>
    /// <param name="Start">The part of a checkpoint for which the job waits, before it is written.</param>
    /// <param name="Checkpoint">All of it.</param>
    /// <param name="Plain">The plain write.</param>
    /// <param name="Restore">Finding, checking and dealing the checkpoint.</param>
    private readonly record struct Seconds(double Start, double Checkpoint, double Plain, double Restore);

    private static unsafe Seconds[] Measure(Communicator world, BenchFolder temporary, long bytes, int rounds, string? keyFile)
    {
        const long columns = 1024;
        Extent grid = new(Math.Max(world.Size, bytes / sizeof(double) / columns), columns);
        Block block = new((grid.Rows * world.Rank / world.Size, grid.Rows * (world.Rank + 1) / world.Size), (0, columns));
        using AlignedBuffer<double> field = new(checked((int)block.Cells));
        for (int i = 0; i < field.Length; i++)
            field.GetSpan()[i] = Math.Sqrt(block.Begin.Row * columns + i);
        using CheckpointDirectory directory = CheckpointDirectory.Open(world, temporary.File("checkpoints"), keyFile: keyFile);
        List<Seconds> measured = [];
        // The first round touches memory and compiles.
        for (int round = -1; round < rounds; round++)
        {
            double plain = TimePlain(world, temporary.File("plain"), field.GetSpan());
            (double start, double whole) = TimeCheckpoint(world, directory, grid, new(block, field.Address, columns), round + 2);
            double restore = TimeRestore(world, directory, grid, new(block, field.Address, columns));
            if (round >= 0)
                measured.Add(new(start, whole, plain, restore));
        }
        return [.. measured];
    }

    private static unsafe double TimePlain(Communicator world, string path, ReadOnlySpan<double> values)
    {
        if (world.IsRoot)
            File.Delete(path);
        world.Barrier();
        var watch = Stopwatch.StartNew();
        if (world.IsRoot)
            new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite).Dispose();
        long own = values.Length * (long)sizeof(double), offset = world.Scan(own, ReduceOperation.Sum) - own;
        using (SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete))
        {
            const int piece = 1 << 20;                        // as checkpoints write
            for (ReadOnlySpan<byte> rest = System.Runtime.InteropServices.MemoryMarshal.AsBytes(values); !rest.IsEmpty; rest = rest[Math.Min(piece, rest.Length)..])
            {
                ReadOnlySpan<byte> next = rest[..Math.Min(piece, rest.Length)];
                RandomAccess.Write(file, next, offset);
                offset += next.Length;
            }
            RandomAccess.FlushToDisk(file);
        }
        world.Barrier();
        return watch.Elapsed.TotalSeconds;
    }

    private static (double Start, double Whole) TimeCheckpoint(Communicator world, CheckpointDirectory directory, Extent grid, CheckpointBlock<double> block, long step)
    {
        world.Barrier();
        var watch = Stopwatch.StartNew();
        using CheckpointWriter writer = directory.Begin(new("bench", 0, step, step));
        writer.AddBlocks("field", grid, [block]);
        writer.Start();
        double start = watch.Elapsed.TotalSeconds;
        writer.Complete();
        world.Barrier();
        return (start, watch.Elapsed.TotalSeconds);
    }

    private static double TimeRestore(Communicator world, CheckpointDirectory directory, Extent grid, CheckpointBlock<double> block)
    {
        world.Barrier();
        var watch = Stopwatch.StartNew();
        using CheckpointReader reader = directory.OpenNewest("bench", 0)!;
        reader.ReadBlocks("field", grid, [block]);
        world.Barrier();
        return watch.Elapsed.TotalSeconds;
    }

    private static void Print(TextWriter output, int ranks, long bytes, Seconds[] rounds)
    {
        double megabytes = bytes / 1e6, plain = Median(rounds, one => one.Plain), whole = Median(rounds, one => one.Checkpoint);
        double start = Median(rounds, one => one.Start), restore = Median(rounds, one => one.Restore), ratio = Median(rounds, one => one.Plain / one.Checkpoint);
        foreach (FormattableString line in (FormattableString[])
        [
            $"{megabytes:0} MB on {ranks} ranks, {rounds.Length} rounds in turn, medians",
            $"plain write:  {plain,8:0.000} s {megabytes / plain,8:0} MB/s",
            $"checkpoint:   {whole,8:0.000} s {megabytes / whole,8:0} MB/s   ratio {ratio:0.00} (each round: {string.Join(" ", rounds.Select(one => (one.Plain / one.Checkpoint).ToString("0.00", CultureInfo.InvariantCulture)))})",
            $"the job waits {start,7:0.000} s of it",
            $"restore:      {restore,8:0.000} s {megabytes / restore,8:0} MB/s, checked",
        ])
            output.WriteLine(line.ToString(CultureInfo.InvariantCulture));
        output.Flush();
    }

    private static double Median(Seconds[] rounds, Func<Seconds, double> of)
    {
        double[] sorted = [.. rounds.Select(of).Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
