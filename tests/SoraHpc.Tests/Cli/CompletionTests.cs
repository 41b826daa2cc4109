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
        (int code, string output, string error) = SoraCommandTests.Run([$"[suggest:{line.Length}]", line]);

        Assert.That((code, error), Is.EqualTo((0, "")));
        Assert.That(output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries), Does.Contain(expected));
    }
}
