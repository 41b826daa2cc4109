using NUnit.Framework.Api;
using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;
using SoraHpc.Communication;

namespace SoraHpc.RankTests;

/// <summary>One rank's run of all tests: every rank runs them in the same order, on its main thread.</summary>
internal sealed class RankSession(Communicator world) : ITestListener
{
    /// <summary>The world of the fixture that NUnit makes; set while the tests run.</summary>
    internal static RankSession? Current { get; private set; }

    internal Communicator World { get; } = world;

    internal int Rank { get; } = world.Rank;

    internal int Passed { get; private set; }

    internal int Failed { get; private set; }

    internal int Skipped { get; private set; }

    internal string Verdict => $"{Passed} passed, {Failed} failed, {Skipped} skipped";

    /// <param name="namePart">Runs only the tests whose name contains it.</param>
    internal void Run(string namePart)
    {
        Current = this;
        var runner = new NUnitTestAssemblyRunner(new DefaultTestAssemblyBuilder());
        runner.Load(typeof(RankSession).Assembly, new Dictionary<string, object> { ["RunOnMainThread"] = true, ["NumberOfTestWorkers"] = 0 });
        runner.Run(this, new NamePart(namePart));
        Current = null;
        if (Passed + Failed + Skipped == 0)
            Failed++;                       // a filter that matches nothing must not look like success
    }

    /// <inheritdoc/>
    public void TestFinished(ITestResult result)
    {
        if (result.Test.IsSuite)
        {
            // A fixture that could not be set up is a failure of its own.
            if (result.ResultState.Status == TestStatus.Failed && result.ResultState.Site is FailureSite.SetUp or FailureSite.TearDown)
                Report(result);
            return;
        }
        if (result.ResultState.Status == TestStatus.Failed)
            Report(result);
        else if (result.ResultState.Status == TestStatus.Skipped)
            Skipped++;
        else
            Passed++;
    }

    /// <inheritdoc/>
    public void TestStarted(ITest test) { if (Environment.GetEnvironmentVariable("TRACE_TESTS") is not null) Console.Error.WriteLine($"{Rank} {test.Name}"); }

    /// <inheritdoc/>
    public void TestOutput(TestOutput output) { }

    /// <inheritdoc/>
    public void SendMessage(TestMessage message) { }

    private void Report(ITestResult result)
    {
        Failed++;
        if (Rank == 0)
            Console.Out.WriteLine($"failed: {result.Test.Name} ({World.Size} ranks)\n{result.Message}\n{result.StackTrace}");
    }

    private sealed class NamePart(string part) : TestFilter
    {
        public override bool Match(ITest test) => !test.IsSuite && test.Name.Contains(part, StringComparison.OrdinalIgnoreCase);

        public override bool Pass(ITest test, bool negated) => Match(test) || test.Tests.Any(child => Pass(child, negated));

        public override bool IsExplicitMatch(ITest test) => part.Length > 0 && Pass(test, false);

        public override TNode AddToXml(TNode parentNode, bool recursive) => parentNode;
    }
}
