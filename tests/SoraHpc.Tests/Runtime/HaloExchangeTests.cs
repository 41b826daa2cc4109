using NUnit.Framework;
using SoraHpc.Communication;
using SoraHpc.Communication.Threads;
using SoraHpc.Decomposition;
using SoraHpc.Runtime;
using SoraHpc.Tests.Contracts;

namespace SoraHpc.Tests.Runtime;

public sealed unsafe class HaloExchangeTests
{
    [Test]
    public void Halos_hold_the_neighbours_cells_and_corners_stay_untouched([Values(1, 2, 3, 4)] int ranks, [Values(1, 2)] int width, [Values] HaloShape shape)
    {
        Grid grid = new(new Extent(4, 8, 9), PeriodicBoundary.Torus);
        ThreadWorld.Run(ranks, world =>
        {
            using Particle particle = ParticleOn(world, grid);
            Field<double>[] fields = [particle.AddField<double>("a", width), particle.AddField<double>("b", width)];
            HaloExchange<double> exchange = particle.AddHaloExchange(shape, fields);
            foreach (int round in new[] { 1, 2 })                    // persistent transfers must work more than once
            {
                Fill(fields, round);
                exchange.Exchange();
                Check(fields, round, grid.Extent, shape);
            }
        });
    }

    [Test]
    public void An_exchange_allocates_nothing()
    {
        Grid grid = new(new Extent(64, 64), PeriodicBoundary.Torus);
        long[] allocated = new long[2];
        ThreadWorld.Run(2, world =>
        {
            using Particle particle = ParticleOn(world, grid);
            HaloExchange<double> exchange = particle.AddHaloExchange(HaloShape.Faces, particle.AddField<double>("a", 1));
            allocated[world.Rank] = Allocations.Least(() => exchange.Exchange(), steps: 100);
        });

        Assert.That(allocated, Is.All.Zero);
    }

    private static Particle ParticleOn(Communicator world, Grid grid)
    {
        Partition partition = new CartesianPartitioner().Cut(grid, Enumerable.Repeat(1.0, world.Size).ToArray()).Partition;
        return new(world, partition, Placement.OneEach(world.Size, world.Size), null);
    }

    private static double Value(Cell cell, int field, int round) => 1e6 * round + 1e5 * field + cell.Plane * 100 + cell.Row * 10 + cell.Column;

    private static void Fill(Field<double>[] fields, int round)
    {
        for (int f = 0; f < fields.Length; f++)
            foreach (Patch<double> patch in fields[f].Patches)
                foreach (Cell cell in CellsOf(patch.Padded))
                    patch[cell] = patch.Block.Contains(cell) ? Value(cell, f, round) : -1;
    }

    private static void Check(Field<double>[] fields, int round, Extent extent, HaloShape shape)
    {
        for (int f = 0; f < fields.Length; f++)
            foreach (Patch<double> patch in fields[f].Patches)
                foreach (Cell cell in CellsOf(patch.Padded))
                {
                    int outside = Enumerable.Range(0, 3).Count(d => cell[d] < patch.Block.Begin[d] || cell[d] >= patch.Block.End[d]);
                    Cell real = new((cell.Plane + extent.Planes) % extent.Planes, (cell.Row + extent.Rows) % extent.Rows, (cell.Column + extent.Columns) % extent.Columns);
                    double expected = outside > 1 && shape == HaloShape.Faces ? -1 : Value(real, f, round);
                    if (patch[cell] != expected)
                        throw new AssertionException($"field {f}, part {patch.Part}, cell {cell}: {patch[cell]}, expected {expected}");
                }
    }

    private static IEnumerable<Cell> CellsOf(Block block)
    {
        for (long k = block.Begin.Plane; k < block.End.Plane; k++)
            for (long j = block.Begin.Row; j < block.End.Row; j++)
                for (long i = block.Begin.Column; i < block.End.Column; i++)
                    yield return new(k, j, i);
    }
}
