using NUnit.Framework;
using SoraHpc.Communication.Threads;
using SoraHpc.Jobs.Npb.Mg;

namespace SoraHpc.Tests.Npb;

/// <summary>The operators against their definitions, point by point. A bound: at most 30 products of numbers below 3, summed.</summary>
public sealed unsafe class MgTests
{
    private const double Bound = 30 * 30 * 3 * 1.2e-16;

    private static readonly MgWeights Smoother = new(-3.0 / 8, 1.0 / 32, -1.0 / 64, 0);

    [Test]
    public void Residual_is_the_27_point_operator([Values(2, 4, 8, 16)] int points)
    {
        using MgGrid u = RandomGrid(points, 1), v = RandomGrid(points, 2), r = RandomGrid(points, 3);
        using MgStencil stencil = new(points);

        OnAllRows(points, (plane, row) => stencil.Residual(u, v, r, plane, row));

        OnAllPoints(points, (plane, row, i) => Assert.That(At(r, plane, row, i), Is.EqualTo(At(v, plane, row, i) - Apply(MgWeights.Operator, u, plane, row, i)).Within(Bound)));
    }

    [Test]
    public void Residual_may_take_the_place_of_the_right_hand_side([Values(4, 16)] int points)
    {
        using MgGrid u = RandomGrid(points, 1), v = RandomGrid(points, 2), r = RandomGrid(points, 3);
        using MgStencil stencil = new(points);

        OnAllRows(points, (plane, row) => stencil.Residual(u, v, r, plane, row));
        OnAllRows(points, (plane, row) => stencil.Residual(u, v, v, plane, row));

        OnAllPoints(points, (plane, row, i) => Assert.That(At(v, plane, row, i), Is.EqualTo(At(r, plane, row, i))));
    }

    [Test]
    public void Smoother_adds_the_27_point_operator([Values(2, 4, 8, 16)] int points)
    {
        using MgGrid r = RandomGrid(points, 1), u = RandomGrid(points, 2), before = RandomGrid(points, 2);
        using MgStencil stencil = new(points);

        OnAllRows(points, (plane, row) => stencil.Smooth(r, u, Smoother, plane, row));

        OnAllPoints(points, (plane, row, i) => Assert.That(At(u, plane, row, i), Is.EqualTo(At(before, plane, row, i) + Apply(Smoother, r, plane, row, i)).Within(Bound)));
    }

    [Test]
    public void Restriction_is_full_weighting_at_the_odd_points([Values(4, 8, 32)] int points)
    {
        using MgGrid fine = RandomGrid(points, 1), coarse = RandomGrid(points / 2, 2);
        using MgStencil stencil = new(points);

        OnAllRows(points / 2, (plane, row) => stencil.Restrict(fine, coarse, plane, row));

        OnAllPoints(points / 2, (plane, row, i) => Assert.That(At(coarse, plane, row, i), Is.EqualTo(Apply(MgWeights.Restriction, fine, 2 * plane + 1, 2 * row + 1, 2 * i + 1)).Within(Bound)));
    }

    [Test]
    public void Interpolation_is_trilinear([Values(4, 8, 32)] int points, [Values] bool add)
    {
        using MgGrid coarse = RandomGrid(points / 2, 1), fine = RandomGrid(points, 2), before = RandomGrid(points, 2);
        using MgStencil stencil = new(points);

        OnAllRows(points, (plane, row) => stencil.Interpolate(coarse, fine, plane, row, add));

        OnAllPoints(points, (plane, row, i) =>
        {
            double expected = 0;
            foreach (int z in (int[])[(plane - 1) >> 1, plane >> 1])
                foreach (int y in (int[])[(row - 1) >> 1, row >> 1])
                    foreach (int x in (int[])[(i - 1) >> 1, i >> 1])
                        expected += At(coarse, z, y, x) / 8;
            Assert.That(At(fine, plane, row, i), Is.EqualTo((add ? At(before, plane, row, i) : 0) + expected).Within(Bound));
        });
    }

    [Test]
    public void Charges_are_at_the_ten_largest_and_smallest_of_the_random_numbers([Values(1, 4)] int size)
    {
        const int Points = 16;
        double[] numbers = new double[Points * Points * Points];
        SoraHpc.Jobs.Npb.NpbRandom random = new(SoraHpc.Jobs.Npb.NpbRandom.Seed);
        random.Fill(numbers);
        double[] sorted = [.. numbers.Order()];

        ThreadWorld.Run(size, comm =>
        {
            using MgGrid v = new(Points, comm.Rank * Points / size, Points / size);
            MgCharges.Set(comm, v);
            for (int plane = v.First; plane < v.First + v.Planes; plane++)
                for (int row = 0; row < Points; row++)
                    for (int i = 0; i < Points; i++)
                    {
                        double number = numbers[(plane * Points + row) * Points + i];
                        Assert.That(At(v, plane, row, i), Is.EqualTo(number >= sorted[^10] ? 1 : number <= sorted[9] ? -1 : 0));
                    }
        });
    }

    private static double Apply(MgWeights weights, MgGrid grid, int plane, int row, int i)
    {
        double[] byDistance = [weights.Centre, weights.Face, weights.Edge, weights.Corner];
        double sum = 0;
        for (int z = -1; z <= 1; z++)
            for (int y = -1; y <= 1; y++)
                for (int x = -1; x <= 1; x++)
                    sum += byDistance[z * z + y * y + x * x] * At(grid, plane + z, row + y, i + x);
        return sum;
    }

    private static double At(MgGrid grid, int plane, int row, int i) =>
        grid.Plane(plane)[(row & (grid.Points - 1)) * grid.Pitch + (i & (grid.Points - 1))];

    private static MgGrid RandomGrid(int points, int seed)
    {
        Random random = new(seed);
        MgGrid grid = new(points, 0, points);
        OnAllPoints(points, (plane, row, i) => grid.Plane(plane)[row * grid.Pitch + i] = random.NextDouble() - 0.5);
        return grid;
    }

    private static void OnAllRows(int points, Action<int, int> body)
    {
        for (int plane = 0; plane < points; plane++)
            for (int row = 0; row < points; row++)
                body(plane, row);
    }

    private static void OnAllPoints(int points, Action<int, int, int> body) => OnAllRows(points, (plane, row) =>
    {
        for (int i = 0; i < points; i++)
            body(plane, row, i);
    });
}
