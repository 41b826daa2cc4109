using NUnit.Framework;

namespace SoraHpc.Tests.Cli;

/// <summary>What came of a command line of the tool.</summary>
internal readonly record struct CommandRun(int Code, string Output, string Error)
{
    /// <summary>It ended with this code, printed no result, and told everything in one line of its own.</summary>
    internal void AssertRefused(int code, string expected)
    {
        Assert.That((Code, Output), Is.EqualTo((code, "")), Error);
        Assert.That(Error, Does.StartWith("sora: ").And.Contain(expected));
        Assert.That(Error.TrimEnd('\n'), Does.Not.Contain("\n"));
    }

    /// <summary>It went well, with nothing to complain of.</summary>
    /// <returns>What it printed.</returns>
    internal string AssertWell()
    {
        Assert.That((Code, Error), Is.EqualTo((0, "")));
        return Output;
    }
}
