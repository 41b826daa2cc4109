using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using SoraHpc.Cli.CommandLine;
using SoraHpc.Cli.Run;
using SoraHpc.Communication;
using SoraHpc.Decomposition;
using SoraHpc.Storage.Checkpoints;

namespace SoraHpc.Cli.Bench;

/// <summary>
/// A checkpoint of one field, until it is complete, beside a plain parallel write: every rank writes its equal part of as many bytes into
/// one file, flushes it to the disk and the ranks meet. Into a new file, and over the one before, which nothing is left of after a crash.
/// All in turn into the same folder; medians count. Old plain files are removed outside their time.
/// </summary>
internal sealed class CheckpointBench : IBenchCommand
{
    // So many generations are kept, and one is written: only then does every checkpoint find an old file to write over.
    private const int Generations = 2, NewFiles = Generations + 1;

    private readonly Option<int?> size = CommandOptions.Integer("--megabytes", "MB of all ranks. Default: 256", least: 1, most: 1_000_000);
    private readonly Option<int?> rounds = CommandOptions.Integer("--rounds", "Times each is measured, in turn. Default: 5", least: 1);
    private readonly Option<string?> folder = CommandOptions.Text("--folder", "An existing folder on the disk to be measured. Default: the system's for temporary files", "FOLDER");
    private readonly Option<string?> key = CommandOptions.Text("--key", "Encrypt with the key in this file", "FILE");
    private readonly Option<bool> weather = new("--weather") { Description = "Instead: what checkpoints in the background cost a forecast" };

    /// <inheritdoc/>
    public string Name => "checkpoint";

    /// <inheritdoc/>
    public string Description => "A checkpoint beside a plain parallel write of the same bytes, and one in memory beside a copy and a message of them.";

    /// <inheritdoc/>
    public string Example => "sora bench checkpoint --megabytes 256 --ranks 2 --mpi openmpi";

    /// <inheritdoc/>
    public IReadOnlyList<Option> Options => [size, rounds, folder, key, weather];

    /// <inheritdoc/>
    public int Run(ParseResult parsed, RankLauncher launcher, TextWriter output)
    {
        long bytes = (parsed.GetValue(size) ?? 256) * 1_000_000L;
        int count = parsed.GetValue(rounds) ?? 5;
        return launcher.Run(world =>
        {
            using BenchFolder temporary = new(world, parsed.GetValue(folder));
            if (parsed.GetValue(weather))
            {
                CheckpointOverhead.Measure(world, temporary.File("checkpoints"), count, parsed.GetValue(key), output);
                return;
            }
            Seconds[] measured = Measure(world, temporary, bytes, count, parsed.GetValue(key));
            if (world.IsRoot)
                Print(output, world.Size, bytes, measured[..NewFiles], measured[NewFiles..]);
            CopyMeasurement.Run(world, bytes, count, output);
        });
    }

    /// <summary>One round.</summary>
    /// <param name="Plain">Into a new file.</param>
    /// <param name="Over">Over the plain file before.</param>
    /// <param name="Copy">The job waits until everything is copied,</param>
    /// <param name="Completion">and again for the checkpoint to take its place, once all ranks have written.</param>
    /// <param name="Checkpoint">All of it.</param>
    /// <param name="Restore">Finding, checking and dealing the checkpoint.</param>
    private readonly record struct Seconds(double Plain, double Over, double Copy, double Completion, double Checkpoint, double Restore);

    private static unsafe Seconds[] Measure(Communicator world, BenchFolder temporary, long bytes, int rounds, string? keyFile)
    {
        const long columns = 1024;
        Extent grid = new(Math.Max(world.Size, bytes / sizeof(double) / columns), columns);
        Block block = new((grid.Rows * world.Rank / world.Size, grid.Rows * (world.Rank + 1) / world.Size), (0, columns));
        using AlignedBuffer<double> field = new(checked((int)block.Cells));
        for (int i = 0; i < field.Length; i++)
            field.GetSpan()[i] = Math.Sqrt(block.Begin.Row * columns + i);
        using CheckpointDirectory directory = CheckpointDirectory.Open(world, temporary.File("checkpoints"), Generations, keyFile);
        Seconds[] measured = new Seconds[NewFiles + rounds];
        for (int round = 0; round < measured.Length; round++)
        {
            double plain = TimePlain(world, temporary.File("plain"), field.GetSpan(), isNew: true), over = TimePlain(world, temporary.File("over"), field.GetSpan(), isNew: false);
            (double copy, double completion, double whole) = TimeCheckpoint(world, directory, grid, new(block, field.Address, columns), round + 1);
            measured[round] = new(plain, over, copy, completion, whole, TimeRestore(world, directory, grid, new(block, field.Address, columns)));
        }
        return measured;
    }

    private static double TimePlain(Communicator world, string path, ReadOnlySpan<double> values, bool isNew)
    {
        if (world.IsRoot && isNew)
            File.Delete(path);
        world.Barrier();
        var watch = Stopwatch.StartNew();
        if (world.IsRoot)
            new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite).Dispose();
        long own = values.Length * (long)sizeof(double), offset = world.Scan(own, ReduceOperation.Sum) - own;
        using (SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete))
        {
            const int piece = 1 << 20;                        // as checkpoints write
            for (ReadOnlySpan<byte> rest = MemoryMarshal.AsBytes(values); !rest.IsEmpty; rest = rest[Math.Min(piece, rest.Length)..])
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

    private static (double Copy, double Completion, double Whole) TimeCheckpoint(Communicator world, CheckpointDirectory directory, Extent grid, CheckpointBlock<double> block, long step)
    {
        world.Barrier();
        var watch = Stopwatch.StartNew();
        using CheckpointWriter writer = directory.Begin(new("bench", 0, step, step));
        writer.AddBlocks("field", grid, [block]);
        writer.Start();
        double copy = watch.Elapsed.TotalSeconds;
        while (!writer.IsWritten)
            Thread.Sleep(1);
        world.Barrier();
        double written = watch.Elapsed.TotalSeconds;
        writer.Complete();
        world.Barrier();
        double whole = watch.Elapsed.TotalSeconds;
        return (copy, whole - written, whole);
    }

    /// <summary>From the newest checkpoint there is [s]. Collective.</summary>
    internal static double TimeRestore(Communicator world, CheckpointHome home, Extent grid, CheckpointBlock<double> block)
    {
        world.Barrier();
        var watch = Stopwatch.StartNew();
        using CheckpointReader reader = home.OpenNewest("bench", 0)!;
        reader.ReadBlocks("field", grid, [block]);
        world.Barrier();
        return watch.Elapsed.TotalSeconds;
    }

    private static void Print(TextWriter output, int ranks, long bytes, Seconds[] first, Seconds[] rounds)
    {
        double megabytes = bytes / 1e6, ratio = Medians.Of(rounds, one => one.Plain / one.Checkpoint);
        FormattableString Line(string what, Func<Seconds, double> of, string more = "") =>
            $"{what,-29} {Medians.Of(rounds, of),7:0.000} s {megabytes / Medians.Of(rounds, of),6:0} MB/s{more}";
        string Each(Seconds[] of) => string.Join(" ", of.Select(one => (one.Plain / one.Checkpoint).ToString("0.00", CultureInfo.InvariantCulture)));
        foreach (FormattableString line in (FormattableString[])
        [
            $"{megabytes:0} MB on {ranks} ranks, {rounds.Length} rounds in turn, medians; every side flushed to the disk",
            Line("plain write, a new file:", one => one.Plain),
            Line("plain write, over the last:", one => one.Over),
            Line("checkpoint, until complete:", one => one.Checkpoint, FormattableString.Invariant($"   plain, new / checkpoint {ratio:0.00} (each round: {Each(rounds)}); plain, over / checkpoint {Medians.Of(rounds, one => one.Over / one.Checkpoint):0.00}")),
            $"the job stands still for      {Medians.Of(rounds, one => one.Copy + one.Completion),7:0.000} s of it: {Medians.Of(rounds, one => one.Copy):0.000} s copying, {Medians.Of(rounds, one => one.Completion):0.000} s completing; {Medians.Of(rounds, one => (one.Copy + one.Completion) / one.Plain):P0} of a plain write",
            Line("restore, checked:", one => one.Restore),
            $"before there is an old file to write over: plain / checkpoint {Each(first)}, and that program is compiled in the first",
        ])
            output.WriteLine(line.ToString(CultureInfo.InvariantCulture));
        output.Flush();
    }
}
