using NUnit.Framework;
using SoraHpc.Decomposition;

namespace SoraHpc.Tests.Decomposition;

public sealed class PartitionerErrorTests
{
    private static readonly Grid Plate = new(new Extent(4, 6), PeriodicBoundary.Walls, new Extent(2, 2));

    private static IEnumerable<IPartitioner> Partitioners() =>
        [new SlabPartitioner(), new CartesianPartitioner(), new BlockCyclicPartitioner(), new SpaceFillingCurvePartitioner(), new BisectionPartitioner(), new GraphPartitioner()];

    private static string Refused(TestDelegate action) => Assert.Throws<PartitionException>(action)!.Message;

    [TestCase(0.0, "0")]
    [TestCase(-2.0, "-2")]
    [TestCase(double.NaN, "NaN")]
    [TestCase(double.PositiveInfinity, "Infinity")]
    public void A_capability_that_is_no_positive_number_is_refused(double wrong, string text)
    {
        foreach (IPartitioner partitioner in Partitioners())
            Assert.That(Refused(() => partitioner.Cut(Plate, [1, wrong])), Is.EqualTo($"capability {text} of rank 1 is not a positive number"), $"{partitioner}");
    }

    [TestCase(0.0, "0")]
    [TestCase(-1.5, "-1.5")]
    [TestCase(double.NaN, "NaN")]
    [TestCase(double.PositiveInfinity, "Infinity")]
    public void A_weight_that_is_no_positive_number_is_refused(double wrong, string text) =>
        Assert.That(Refused(() => _ = Plate with { Weights = new[] { 1, 1, 1, 1, wrong, 1 } }), Is.EqualTo($"weight {text} of tile 4 is not a positive number"));

    [Test]
    public void Weights_of_the_wrong_length_are_refused() =>
        Assert.That(Refused(() => _ = Plate with { Weights = new double[24] }), Is.EqualTo("24 weights are given for 6 tiles (2 × 3): give one for every tile, or none"));

    [Test]
    public void More_ranks_than_tiles_are_refused()
    {
        foreach (IPartitioner partitioner in Partitioners().Where(partitioner => partitioner is not SlabPartitioner))
            Assert.That(Refused(() => partitioner.Cut(Plate, [1, 1, 1, 1, 1, 1, 1])),
                Is.EqualTo("7 ranks cannot share 4 × 6 cells in tiles of 2 × 2: use at most 6 ranks or a larger grid"), $"{partitioner}");
    }

    [Test]
    public void A_missing_graph_library_says_which_package_has_it() =>
        Assert.That(Refused(() => new GraphPartitioner(library: "libmetis.so.0").Cut(Plate, [1, 1])),
            Is.EqualTo("graph partitions need METIS, and libmetis.so.0 is not on this machine: install it (Debian 12: apt install libmetis5) or use another partition"));

    [Test]
    public void Another_library_under_the_name_is_refused() =>
        Assert.That(Refused(() => new GraphPartitioner(library: "libm.so.6").Cut(Plate, [1, 1])), Does.StartWith("libm.so.6 is not METIS 5: "));
}
