using System.Runtime.Intrinsics;
using NUnit.Framework;
using SoraHpc.Jobs.NBody;
using SoraHpc.Solvers.RandomNumbers;

namespace SoraHpc.Tests.NBody;

public sealed class GravityKernelTests
{
    private const double Softening = 0.1;

    [Test]
    public void Inverse_root_is_right_to_two_units_in_the_last_place()
    {
        RandomSequence random = new(3);
        for (int i = 0; i < 100_000; i++)
        {
            double x = Math.Exp(200 * (random.UniformAt(i) - 0.5)), exact = 1 / Math.Sqrt(x);
            double found = GravityKernel.InverseRoot(Vector512.Create(x))[i % 8];
            Assert.That(Math.Abs(found - exact), Is.LessThanOrEqualTo(2 * (Math.BitIncrement(exact) - exact)), $"1/√{x}");
        }
    }

    [Test]
    public void Bodies_pull_as_in_the_plain_sum([Values(1, 2, 7, 8, 9, 100)] int count)
    {
        Body[] bodies = Cloud(count + 1, spread: 1);
        using InteractionList list = new(Expansion.Monopole);
        foreach (Body body in bodies.AsSpan(1))
            list.Add(CellOf(body));
        list.Complete();

        (double X, double Y, double Z, double Potential) = Sums(list.PullOn(new(bodies[0].X, bodies[0].Y, bodies[0].Z), Softening * Softening));

        // Each term is good to some units of 10⁻¹⁶, and so are sums of a few of them: terms are below m/ε² and m/ε.
        (double x, double y, double z, double potential) = GravityReference.At(bodies, 0, Softening);
        double bound = 20e-16 * bodies.Sum(body => body.Mass) / (Softening * Softening);
        Assert.That(new[] { X, Y, Z, Potential }, Is.EqualTo(new[] { x, y, z, potential }).AsCollection.Within(bound));
    }

    [Test]
    public void Cell_pulls_as_its_bodies_do_up_to_the_third_moments()
    {
        // Twice as far away the error of the potential is 2⁴ times smaller with second moments, 2³ without; that of the acceleration another 2.
        double[] errors = [.. new[] { 8.0, 16.0, 32.0 }.Select(far => ErrorOfCellAt(far, Expansion.Quadrupole))];
        double[] monopole = [.. new[] { 8.0, 16.0, 32.0 }.Select(far => ErrorOfCellAt(far, Expansion.Monopole))];

        Assert.That(errors[0] / errors[1], Is.EqualTo(32).Within(20).Percent);
        Assert.That(errors[1] / errors[2], Is.EqualTo(32).Within(10).Percent);
        Assert.That(monopole[1] / monopole[2], Is.EqualTo(16).Within(10).Percent);
    }

    [Test]
    public void Acceleration_by_a_cell_is_the_slope_of_its_potential()
    {
        using InteractionList list = ListOf(Cloud(50, spread: 1), Expansion.Quadrupole);
        const double H = 1e-4;
        double PotentialAt(double x, double y, double z) => Sums(list.PullOn(new(x, y, z), 0.25)).Potential;

        (double X, double Y, double Z, _) = Sums(list.PullOn(new(2, 1, -1.5), 0.25));

        Assert.That(X, Is.EqualTo(-(PotentialAt(2 + H, 1, -1.5) - PotentialAt(2 - H, 1, -1.5)) / (2 * H)).Within(1e-8));
        Assert.That(Y, Is.EqualTo(-(PotentialAt(2, 1 + H, -1.5) - PotentialAt(2, 1 - H, -1.5)) / (2 * H)).Within(1e-8));
        Assert.That(Z, Is.EqualTo(-(PotentialAt(2, 1, -1.5 + H) - PotentialAt(2, 1, -1.5 - H)) / (2 * H)).Within(1e-8));
    }

    private static double ErrorOfCellAt(double far, Expansion expansion)
    {
        Body[] cloud = Cloud(50, spread: 1);
        using InteractionList list = ListOf(cloud, expansion);
        Body target = new() { X = far * 0.6, Y = far * 0.8, Id = -1 };

        (double X, double Y, double Z, _) = Sums(list.PullOn(new(target.X, target.Y, target.Z), Softening * Softening));

        (double x, double y, double z, _) = GravityReference.At([target, .. cloud], 0, Softening);
        return Math.Sqrt((X - x) * (X - x) + (Y - y) * (Y - y) + (Z - z) * (Z - z));
    }

    private static InteractionList ListOf(Body[] cloud, Expansion expansion)
    {
        Cell[] tree = [default, .. cloud.Select(CellOf)];
        LocalTree.Join(tree);
        InteractionList list = new(expansion);
        list.Add(tree[0]);
        list.Complete();
        return list;
    }

    private static Cell CellOf(Body body) => new() { X = body.X, Y = body.Y, Z = body.Z, Mass = body.Mass, Skip = 1 };

    private static Body[] Cloud(int count, double spread)
    {
        RandomSequence random = new(5);
        return [.. Enumerable.Range(0, count).Select(i => new Body
        {
            X = spread * random.UniformAt(4 * i), Y = spread * random.UniformAt(4 * i + 1), Z = spread * random.UniformAt(4 * i + 2), Mass = random.UniformAt(4 * i + 3), Id = i,
        })];
    }

    private static (double X, double Y, double Z, double Potential) Sums(GravityKernel.Pull pull) =>
        (GravityKernel.SumOf(pull.X), GravityKernel.SumOf(pull.Y), GravityKernel.SumOf(pull.Z), GravityKernel.SumOf(pull.Potential));
}
