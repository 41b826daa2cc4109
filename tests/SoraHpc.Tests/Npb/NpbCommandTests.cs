using NUnit.Framework;
using SoraHpc.Jobs.Npb;
using SoraHpc.Tests.Cli;

namespace SoraHpc.Tests.Npb;

public sealed class NpbCommandTests
{
    [TestCase("run npb --kernel lu", "--kernel takes ep, cg, mg, ")]
    [TestCase("run npb --class X", "--class takes S, W, A, B, C, not 'X'")]
    [TestCase("run npb --kernel mg --ranks 3", "MG class S runs on a power of two of ranks up to 16, not on 3")]
    [TestCase("run npb --kernel ep --ranks 257", "EP class S has work for up to 256 ranks, not for 257")]
    [TestCase("bench npb --rounds 0", "--rounds must be at least 1, not 0")]
    [TestCase("bench npb --reference /nowhere", "--reference /nowhere holds no sys/setparams.c")]
    [TestCase("bench npb --reference /nowhere --launcher threads", "leave out the launcher")]
    public void Wrong_command_line_is_told_in_one_line_with_exit_code_2(string commandLine, string expected) =>
        SoraCommandTests.Run(commandLine.Split(' ')).AssertRefused(2, expected);

    [Test]
    public void Run_of_all_kernels_prints_a_summary_each()
    {
        string output = SoraCommandTests.Run(["run", "npb", "--kernel", "all", "--class", "S", "--ranks", "2"]).AssertWell();

        Assert.That(output.Split("VERIFICATION SUCCESSFUL"), Has.Length.EqualTo(NpbKernels.All.Count + 1));
        foreach (INpbKernel kernel in NpbKernels.All)
            Assert.That(output, Does.Contain($"{kernel.Name} Benchmark Completed.").And.Contain($"{kernel.Name} Mop/s"));
    }

    [Test]
    public void Bench_prints_the_reference_programs_figures_beside_its_own()
    {
        string output = SoraCommandTests.Run(["bench", "npb", "--kernel", "is", "--class", "A", "--ranks", "2", "--rounds", "1"]).AssertWell();

        Assert.That(output, Does.StartWith("class A on 2 ranks, Mop/s, best of 1\n").And.Contain("  IS ").And.Contain(" 843\n").And.Contain("--reference DIR"));
    }
}
