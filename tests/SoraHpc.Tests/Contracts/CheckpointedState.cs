using NUnit.Framework;
using SoraHpc.Communication;
using SoraHpc.Decomposition;
using SoraHpc.Storage.Checkpoints;

namespace SoraHpc.Tests.Contracts;

/// <summary>A state with one array of every kind, whose every value is known from its global place.</summary>
internal static unsafe class CheckpointedState
{
    internal const string Job = "contract";
    internal const ulong Fingerprint = 0x1234_5678_9abc_def0;
    private const int Halo = 2, PerElement = 3, Elements = 1001;
    private static readonly Extent Grid = new(5, 37, 29);

    internal readonly record struct Task(int Depth, long Number);

    /// <summary>How the grid is cut.</summary>
    internal delegate IEnumerable<Block> Cut(int rank, int size);

    /// <summary>Whole planes and rows; some ranks may have nothing.</summary>
    internal static IEnumerable<Block> Slabs(int rank, int size)
    {
        long begin = Grid.Rows * rank / size, end = Grid.Rows * (rank + 1) / size;
        yield return new(new Cell(0, begin, 0), new(Grid.Planes, end, Grid.Columns));
    }

    /// <summary>Narrow columns dealt in turn, last rank first: every row is in many pieces.</summary>
    internal static IEnumerable<Block> Columns(int rank, int size)
    {
        for (long column = size - 1 - rank; column < Grid.Columns; column += size)
            for (long plane = 0; plane < Grid.Planes; plane += 2)
                yield return new(new Cell(plane, 0, column), new(Math.Min(plane + 2, Grid.Planes), Grid.Rows, column + 1));
    }

    internal static void Write(Communicator comm, CheckpointHome home, long step, Cut cut)
    {
        using CheckpointWriter writer = home.Begin(new(Job, Fingerprint, step, step / 2.0));
        List<AlignedBuffer<double>> memory = [];
        CheckpointBlock<double>[] blocks = Blocks(memory, cut(comm.Rank, comm.Size));
        foreach (CheckpointBlock<double> block in blocks)
            ForEachCell(block, (ref double value, double expected) => value = expected);
        writer.AddBlocks("field", Grid, blocks);
        ElementRange[] ranges = Ranges(comm.Rank, comm.Size);
        writer.AddElements<float>("elements", Elements, ranges, ValuesOf(ranges), PerElement);
        writer.AddShared<long>("random", [step, long.MinValue, 42]);
        writer.AddList("tasks", TasksOf(comm.Rank));
        writer.AddList<byte>("nothing", []);
        writer.Start();
        foreach (AlignedBuffer<double> buffer in memory)
            ((IDisposable)buffer).Dispose();
        writer.Complete();
    }

    /// <summary>Asserts that every value is what it was, in whatever cut.</summary>
    internal static void CheckRead(Communicator comm, CheckpointReader reader, Cut cut, int? writtenBy = null)
    {
        List<AlignedBuffer<double>> memory = [];
        CheckpointBlock<double>[] blocks = Blocks(memory, cut(comm.Rank, comm.Size));
        reader.ReadBlocks("field", Grid, blocks);
        int wrong = 0;
        foreach (CheckpointBlock<double> block in blocks)
            ForEachCell(block, (ref double value, double expected) => wrong += value == expected ? 0 : 1);
        Assert.That(wrong, Is.Zero, "cells");
        foreach (AlignedBuffer<double> buffer in memory)
        {
            Assert.That(buffer.GetSpan()[0], Is.Zero, "halo");
            ((IDisposable)buffer).Dispose();
        }
        ElementRange[] ranges = Ranges(comm.Size - 1 - comm.Rank, comm.Size);
        float[] values = new float[ranges.Sum(range => range.Count) * PerElement];
        reader.ReadElements("elements", Elements, ranges, values.AsMemory(), PerElement);
        Assert.That(values, Is.EqualTo(ValuesOf(ranges)));
        Assert.That(reader.ReadShared<long>("random"), Is.EqualTo(new[] { reader.Header.Step, long.MinValue, 42 }));
        CheckTasks(comm, reader.ReadList<Task>("tasks"), writtenBy ?? comm.Size);
        Assert.That(reader.ReadList<byte>("nothing"), Is.Empty);
    }

    private static void CheckTasks(Communicator comm, Task[] own, int writtenBy)
    {
        Task[] all = comm.Allgatherv<Task>(own);
        Assert.That(all.Order(Comparer<Task>.Create((a, b) => a.Number.CompareTo(b.Number))), Is.EqualTo(Enumerable.Range(0, writtenBy).SelectMany(TasksOf)));
        Assert.That(own, Has.Length.InRange(all.Length / comm.Size, (all.Length + comm.Size - 1) / comm.Size));
    }

    private static Task[] TasksOf(int rank) => [.. Enumerable.Range(0, 10 * rank * rank).Select(i => new Task(rank, rank * 1_000_000L + i))];

    /// <summary>Elements dealt in pieces of seven, in descending order.</summary>
    private static ElementRange[] Ranges(int rank, int size) =>
        [.. Enumerable.Range(0, (Elements + 6) / 7).Where(piece => piece % size == rank).Reverse().Select(piece => new ElementRange(7 * piece, Math.Min(7, Elements - 7 * piece)))];

    private static float[] ValuesOf(ElementRange[] ranges) =>
        [.. ranges.SelectMany(range => Enumerable.Range((int)range.Begin * PerElement, (int)range.Count * PerElement)).Select(i => i * 0.25f)];

    private delegate void Visit(ref double value, double expected);

    private static CheckpointBlock<double>[] Blocks(List<AlignedBuffer<double>> memory, IEnumerable<Block> cut) => [.. cut.Select(block =>
    {
        long row = block.Columns + 2 * Halo, plane = row * (block.Rows + 2 * Halo);
        memory.Add(new AlignedBuffer<double>((int)(plane * (block.Planes + 1))));
        return new CheckpointBlock<double>(block, memory[^1].Address + Halo * row + Halo, row, plane);
    })];

    private static void ForEachCell(CheckpointBlock<double> of, Visit visit)
    {
        foreach (Cell cell in of.Block.CellsInOrder())
        {
            Cell at = cell - of.Block.Begin;
            visit(ref of.FirstCell[at.Plane * of.PlaneStride + at.Row * of.RowStride + at.Column], 1e6 * cell.Plane + 1e3 * cell.Row + cell.Column + 0.1);
        }
    }
}
