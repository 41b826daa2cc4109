using System.Diagnostics;
using System.Globalization;
using SoraHpc.Communication;
using SoraHpc.Decomposition;
using SoraHpc.Storage.Checkpoints;

namespace SoraHpc.Cli.Bench;

/// <summary>
/// A checkpoint in the memories of the ranks, until every copy has arrived, beside what it cannot do without: every rank copies as many bytes
/// into memory that was touched before and sends them to the next rank. Both in turn; medians count.
/// </summary>
internal static unsafe class CopyMeasurement
{
    /// <summary>One round.</summary>
    /// <param name="Copy">The plain copy alone.</param>
    /// <param name="Plain">Copy and message.</param>
    /// <param name="Start">The job waits for so long,</param>
    /// <param name="Whole">until every copy has arrived it takes so long.</param>
    /// <param name="Restore">Finding, checking, dealing, making new copies.</param>
    private readonly record struct Seconds(double Copy, double Plain, double Start, double Whole, double Restore);

    // Both generations' memory is touched, and the program compiled.
    private const int WarmUp = 3;

    /// <summary>Measures and prints on rank 0. Collective.</summary>
    internal static void Run(Communicator world, long bytes, int rounds, TextWriter output)
    {
        const long columns = 1024;
        Extent grid = new(Math.Max(world.Size, bytes / sizeof(double) / columns), columns);
        Block block = new((grid.Rows * world.Rank / world.Size, grid.Rows * (world.Rank + 1) / world.Size), (0, columns));
        int most = checked((int)((grid.Rows / world.Size + 1) * columns));
        using AlignedBuffer<double> field = new((int)block.Cells), own = new(most), other = new(most);
        for (int i = 0; i < field.Length; i++)
            field.GetSpan()[i] = Math.Sqrt(block.Begin.Row * columns + i);
        using CheckpointMemory memory = new();
        using CheckpointCopies copies = CheckpointCopies.Open(world, memory);
        Seconds[] measured = new Seconds[WarmUp + rounds];
        for (int round = 0; round < measured.Length; round++)
        {
            (double copy, double plain) = TimePlain(world, field, own, other);
            (double start, double whole) = TimeCopies(world, copies, grid, new(block, field.Address, columns), round);
            measured[round] = new(copy, plain, start, whole, CheckpointBench.TimeRestore(world, copies, grid, new(block, field.Address, columns)));
        }
        if (world.IsRoot)
            Print(output, bytes, measured[WarmUp..]);
    }

    private static (double Copy, double Plain) TimePlain(Communicator world, AlignedBuffer<double> field, AlignedBuffer<double> own, AlignedBuffer<double> other)
    {
        world.Barrier();
        var watch = Stopwatch.StartNew();
        field.GetSpan().CopyTo(own.GetSpan());
        double copy = watch.Elapsed.TotalSeconds;
        if (world.Size > 1)
            Request.WaitAll([world.StartReceive(other.Memory, (world.Rank + world.Size - 1) % world.Size), world.StartSend<double>(own.Memory[..field.Length], (world.Rank + 1) % world.Size)]);
        world.Barrier();
        return (copy, watch.Elapsed.TotalSeconds);
    }

    private static (double Start, double Whole) TimeCopies(Communicator world, CheckpointCopies copies, Extent grid, CheckpointBlock<double> block, long step)
    {
        world.Barrier();
        var watch = Stopwatch.StartNew();
        using CheckpointWriter writer = copies.Begin(new("bench", 0, step, step));
        writer.AddBlocks("field", grid, [block]);
        writer.Start();
        double start = watch.Elapsed.TotalSeconds;
        writer.Complete();
        return (start, watch.Elapsed.TotalSeconds);
    }

    private static void Print(TextWriter output, long bytes, Seconds[] rounds)
    {
        double gigabytes = bytes / 1e9;
        FormattableString Line(string what, Func<Seconds, double> of, string more = "") => $"{what,-29} {Medians.Of(rounds, of),7:0.0000} s {gigabytes / Medians.Of(rounds, of),6:0.0} GB/s{more}";
        string each = string.Join(" ", rounds.Select(one => (one.Plain / one.Whole).ToString("0.00", CultureInfo.InvariantCulture)));
        foreach (FormattableString line in (FormattableString[])
        [
            $"in memory",
            Line("plain copy and message:", one => one.Plain, FormattableString.Invariant($"; the copy alone {Medians.Of(rounds, one => one.Copy):0.0000} s")),
            Line("copies, until all arrived:", one => one.Whole, FormattableString.Invariant($"   plain / copies {Medians.Of(rounds, one => one.Plain / one.Whole):0.00} (each round: {each})")),
            $"the job stands still for      {Medians.Of(rounds, one => one.Start),7:0.0000} s of it, copying and checking: {Medians.Of(rounds, one => one.Start / one.Copy):0.00} of a plain copy",
            Line("restore, with new copies:", one => one.Restore),
        ])
            output.WriteLine(line.ToString(CultureInfo.InvariantCulture));
        output.Flush();
    }
}
