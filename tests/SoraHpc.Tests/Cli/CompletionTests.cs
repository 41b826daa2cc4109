using NUnit.Framework;

namespace SoraHpc.Tests.Cli;

public sealed class CompletionTests
{
    [TestCase("sora sub", "submit")]
    [TestCase("sora run wea", "weather")]
    [TestCase("sora run weather --elem", "--elements")]
    [TestCase("sora submit --nta", "--ntasks")]
    [TestCase("sora submit wea", "weather")]
    [TestCase("sora submit weather ", "--elements")]
    [TestCase("sora submit weather --elem", "--elements")]
    [TestCase("sora submit --nodes 2 weather --case 5 --nta", "--ntasks")]
    public void Unfinished_line_is_gone_on_with(string line, string expected)
    {
        string output = SoraCommandTests.Run([$"[suggest:{line.Length}]", line]).AssertWell();

        Assert.That(output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries), Does.Contain(expected));
    }
}
