using NUnit.Framework;
using SoraHpc.Diagnostics;
using SoraHpc.Jobs.NBody;
using SoraHpc.Runtime;
using SoraHpc.Storage;
using SoraHpc.Tests.Threads;

namespace SoraHpc.Tests.NBody;

public sealed class NBodyJobTests : FolderTests
{
    [Test]
    public void Two_bodies_go_round_each_other_with_an_error_of_second_order()
    {
        // Masses 1/2 at ±1/2: ω² = M / (d² + ε²)^(3/2), and after one period all is where it was.
        const double Softening = 0.3;
        double period = 2 * Math.PI * Math.Pow(1 + Softening * Softening, 0.75), speed = Math.PI / period;
        WriteBodies("pair.h5", [new() { X = 0.5, VY = speed, Mass = 0.5 }, new() { X = -0.5, VY = -speed, Mass = 0.5, Id = 1 }]);
        double ErrorWith(int steps)
        {
            Run(2, new() { DataFile = In("pair.h5"), Output = In("round.h5"), Steps = steps, TimeStep = period / steps, Softening = Softening });
            double[] x = Read("round.h5", "position");
            return Math.Sqrt((x[0] - 0.5) * (x[0] - 0.5) + x[1] * x[1]);
        }

        double coarse = ErrorWith(100), fine = ErrorWith(200);

        Assert.That(fine, Is.LessThan(2e-3));
        Assert.That(coarse / fine, Is.EqualTo(4).Within(1).Percent);
    }

    [Test]
    public void Tree_with_everything_opened_is_the_direct_sum()
    {
        // θ so small that no cell acts as a whole: only rounding is left, some 10⁻¹⁶ for each of 700 bodies and less where they add up at random.
        RunResult result = Run(3, new() { Model = new() { Bodies = 700 }, Steps = 0, Theta = 1e-6, Samples = 700 });

        Assert.That(result.Observables["force error, largest"], Is.LessThan(1e-13).And.GreaterThan(0));
    }

    [Test]
    public void Error_of_the_forces_shrinks_with_the_angle_and_with_second_moments()
    {
        double ErrorWith(double theta, Expansion expansion) => Run(2, new() { Model = new() { Bodies = 4000 }, Steps = 0, Theta = theta, Expansion = expansion, Samples = 200 })
            .Observables["force error, root mean square"];

        double wide = ErrorWith(0.8, Expansion.Quadrupole), narrow = ErrorWith(0.4, Expansion.Quadrupole), monopole = ErrorWith(0.8, Expansion.Monopole);

        Assert.That(wide, Is.LessThan(2e-3));
        Assert.That(narrow, Is.LessThan(wide / 4));
        Assert.That(monopole, Is.GreaterThan(2 * wide));
    }

    [Test]
    public void Plummer_sphere_has_its_published_energies_and_half_its_mass_within_its_half_mass_radius()
    {
        // Kinetic 1/4, potential −1/2 and half of the mass within 1.3048 a of the middle, each up to what so many bodies scatter, the softening, and
        // the outermost thousandth that is left out.
        Body[] bodies = new Body[20_000];
        new PlummerModel { Bodies = bodies.Length }.Fill(0, bodies);
        PlummerModel.Centre(bodies, null);

        RunResult result = Run(2, new() { Model = new() { Bodies = bodies.Length }, Steps = 0, Softening = 1e-3 });

        Assert.That(result.Observables["kinetic energy"], Is.EqualTo(0.25).Within(0.005));
        Assert.That(result.Observables["potential energy"], Is.EqualTo(-0.5).Within(0.01));
        double half = 1.3048 * PlummerModel.ScaleRadius;
        Assert.That(bodies.Count(body => body.X * body.X + body.Y * body.Y + body.Z * body.Z < half * half) / (double)bodies.Length, Is.EqualTo(0.5).Within(0.015));
    }

    [Test]
    public void Energy_and_momenta_hardly_drift_in_a_sphere_in_equilibrium()
    {
        RunResult result = Run(2, new() { Model = new() { Bodies = 2000 }, Steps = 50, Softening = 0.05 });

        Assert.That(result.Observables["energy drift"], Is.EqualTo(0).Within(2e-4));
        Assert.That(result.Observables["momentum drift"], Is.LessThan(1e-4));
        Assert.That(result.Observables["angular momentum drift"], Is.LessThan(1e-4));
    }

    [Test]
    public void Dealing_by_cost_evens_out_the_interactions_of_clustered_bodies()
    {
        NBodyOptions options = new() { Model = new() { Bodies = 12_000, Spheres = 6 }, Steps = 3 };
        double MostToMean(DealBy dealBy)
        {
            RunResult result = Run(4, options with { DealBy = dealBy });
            return result.Ranks.Max(rank => rank.Workload) / result.Ranks.Average(rank => rank.Workload);
        }

        double cost = MostToMean(DealBy.Cost), count = MostToMean(DealBy.Count);

        Assert.That(cost, Is.LessThan(1.1));
        Assert.That(count, Is.GreaterThan(cost));
    }

    [Test]
    public void Run_from_the_file_of_another_goes_on_with_the_same_bits()
    {
        NBodyOptions options = new() { Model = new() { Bodies = 500, Spheres = 2 }, Steps = 6, Output = In("whole.h5") };
        Run(1, options);
        NBodyData.Write(In("start.h5"), options.Model);

        Run(3, options with { DataFile = In("start.h5"), Steps = 4, Output = In("some.h5") });
        Run(2, options with { DataFile = In("some.h5"), Steps = 2, Output = In("rest.h5") });

        foreach (string name in (string[])["position", "velocity", "mass"])
            Assert.That(Read("rest.h5", name), Is.EqualTo(Read("whole.h5", name)).AsCollection);
        using Hdf5File rest = Hdf5File.Open(In("rest.h5"));
        Assert.That(rest.Attributes.Read<double>("time"), Is.EqualTo(0.06).Within(1e-12));
    }

    [Test]
    public void Bodies_at_one_place_move_as_one([Values(1, 2)] int ranks)
    {
        // More at one place than a leaf has, twice: the tree ends at its smallest cells.
        WriteBodies("heaps.h5", [.. Enumerable.Range(0, 200).Select(i => new Body { X = i < 100 ? 0 : 1, Mass = 0.01, Id = i })]);

        Run(ranks, new() { DataFile = In("heaps.h5"), Output = In("moved.h5"), Steps = 5 });

        double[] x = Read("moved.h5", "position");
        for (int i = 0; i < 200; i++)
            Assert.That(x[3 * i], Is.EqualTo(x[i < 100 ? 0 : 300]).Within(1e-14));
        Assert.That(x[0], Is.GreaterThan(1e-4), "the heaps fall towards each other");
    }

    [TestCase("mass", new long[] { 3 }, 0.0, "dataset mass: 0 at 0 is no mass")]
    [TestCase("mass", new long[] { 3, 1 }, 1.0, "dataset mass: its shape is (3, 1); a mass for every body have (bodies)")]
    [TestCase("position", new long[] { 2, 3 }, 1.0, "dataset position: its shape is (2, 3); three numbers for each of the 3 bodies of mass have (3, 3)")]
    [TestCase("position", new long[] { 3, 3 }, double.NaN, "dataset position: NaN at (0, 0) is not finite")]
    public void Wrong_file_is_told_with_dataset_and_place(string wrong, long[] shape, double value, string expected)
    {
        using (Hdf5File file = Hdf5File.Create(In("wrong.h5")))
        {
            foreach ((string name, long[] right) in new[] { ("mass", new long[] { 3 }), ("position", [3, 3]), ("velocity", [3, 3]) })
            {
                using Hdf5Dataset dataset = file.CreateDataset<double>(name, name == wrong ? shape : right);
                double[] values = new double[dataset.Elements];
                Array.Fill(values, name == wrong ? value : 1);
                dataset.Write<double>(dataset.Whole, values);
            }
            file.Commit();
        }

        Assert.That(Assert.Throws<SoraException>(() => Run(1, new() { DataFile = In("wrong.h5") }))!.Message, Does.Contain(expected));
    }

    [Test]
    public void Bodies_that_leave_all_bounds_are_told_by_number() => Assert.That(
        Assert.Throws<SoraException>(() => Run(1, new() { Model = new() { Bodies = 10 }, TimeStep = 1e300, Steps = 9 }))!.Message,
        Does.Contain("body ").And.Contain("use a shorter time step or more softening"));

    [Test]
    public void Wrong_options_are_refused()
    {
        Assert.Throws<UsageException>(() => _ = new NBodyOptions { Theta = 0 });
        Assert.Throws<UsageException>(() => _ = new NBodyOptions { Theta = 1.01 });
        Assert.Throws<UsageException>(() => _ = new NBodyOptions { Softening = 0 });
        Assert.Throws<UsageException>(() => _ = new NBodyOptions { TimeStep = double.NaN });
        Assert.Throws<UsageException>(() => _ = new NBodyOptions { Steps = -1 });
        Assert.Throws<UsageException>(() => _ = new PlummerModel { Bodies = 0 });
        Assert.Throws<UsageException>(() => _ = new PlummerModel { Spheres = 33 });
        Assert.Throws<UsageException>(() => Run(1, new() { LeafBodies = 100, GroupBodies = 99 }));
    }

    private static RunResult Run(int ranks, NBodyOptions options) => OnThreads.RootOf(ranks, world => NBodyJob.Run(world, options));

    private void WriteBodies(string name, Body[] bodies)
    {
        using Hdf5File file = BodyFile.Create(In(name), bodies.Length, time: 0);
        BodyFile.WriteShare(file, bodies);
        file.Commit();
    }

    private double[] Read(string file, string name)
    {
        using Hdf5File opened = Hdf5File.Open(In(file));
        using Hdf5Dataset dataset = opened.Dataset(name);
        return dataset.Read<double>();
    }
}
