using NUnit.Framework;
using SoraHpc.Jobs.Npb;

namespace SoraHpc.Tests.Npb;

public sealed class NpbResultTests
{
    private static readonly NpbResult Good = new("CG", NpbClass.A, "14000 rows", 15, 2, 0.5, 1.5e9, [new("zeta", 17.1, 17.1, 1e-10), new("misplaced", 0, 0, 0)]);

    [TestCase(17.1 * (1 + 2e-10))]
    [TestCase(-17.1)]
    [TestCase(double.NaN)]
    [TestCase(double.PositiveInfinity)]
    public void Perturbed_quantity_fails(double computed)
    {
        NpbResult result = Good with { Quantities = [Good.Quantities[0] with { Computed = computed }, Good.Quantities[1]] };

        Assert.That(Good.IsVerified);
        Assert.That(result.IsVerified, Is.False);
        Assert.That(NpbJob.Failure(result), Does.StartWith("npb CG class A on 2 ranks: verification failed, 1 of 2 quantities; first zeta ").And.Not.Contain("\n"));
        Assert.That(NpbSummary.Render(result), Does.Contain("VERIFICATION FAILED\n").And.Contain("UNSUCCESSFUL\n"));
    }

    [Test]
    public void Quantity_whose_reference_is_zero_must_be_zero()
    {
        Assert.That(new NpbQuantity("misplaced", 0, 0, 0).Passes);
        Assert.That(new NpbQuantity("misplaced", 1, 0, 0).Passes, Is.False);
    }

    [Test]
    public void Result_without_quantities_is_not_verified() => Assert.That((Good with { Quantities = [] }).IsVerified, Is.False);

    [Test]
    public void Summary_has_the_suites_lines() => Assert.That(NpbSummary.Render(Good),
        Does.Contain(" VERIFICATION SUCCESSFUL\n\n CG Benchmark Completed.\n Class           =                        A\n")
            .And.Contain(" Mop/s total     =                  3000.00\n Mop/s/process   =                  1500.00\n Verification    =               SUCCESSFUL\n"));

    [Test]
    public void Memory_of_every_class_grows_with_the_class_and_shrinks_with_ranks()
    {
        foreach (INpbKernel kernel in NpbKernels.All)
            for (NpbClass size = NpbClass.S; size < NpbClass.C; size++)
            {
                // Two ranks may need a little more each than one, for messages.
                Assert.That(kernel.BytesPerRank(size, 4), Is.InRange(1, kernel.BytesPerRank(size, 1)), kernel.Name);
                Assert.That(kernel.BytesPerRank(size + 1, 1), Is.GreaterThanOrEqualTo(kernel.BytesPerRank(size, 1)), kernel.Name);
            }
    }
}
