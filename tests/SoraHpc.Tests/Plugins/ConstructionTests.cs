using NUnit.Framework;
using SoraHpc.Cli.Plugins;

namespace SoraHpc.Tests.Plugins;

/// <summary>Constructors chosen and called by the names of their parameters.</summary>
public sealed class ConstructionTests
{
    public enum Season { Winter, Summer }

    private sealed class AllKinds(int a, long b = 2, double c = 3.5, float d = 4, bool e = true, string f = "x", Season g = Season.Summer, int? h = null)
    {
        public override string ToString() => FormattableString.Invariant($"{a} {b} {c} {d} {e} {f} {g} {h?.ToString() ?? "none"}");
    }

    private sealed class TwoWays
    {
        public TwoWays() => Way = "none";

        public TwoWays(double factor) => Way = FormattableString.Invariant($"factor {factor}");

        internal string Way { get; }
    }

    private sealed class Closed
    {
        private Closed() { }
    }

    private sealed class Untypable(double[] shares)
    {
        internal int Count => shares.Length;
    }

    private sealed class Failing
    {
        public Failing() => throw new InvalidOperationException("of its own");
    }

    [TestCase("a=1", "1 2 3.5 4 True x Summer none")]
    [TestCase("a=-1,b=5000000000,c=1e-3,d=0.5,e=false,f=y z,g=winter,h=7", "-1 5000000000 0.001 0.5 False y z Winter 7")]
    public void Values_are_written_the_same_everywhere(string written, string expected) =>
        Assert.That(Construction.Of(typeof(AllKinds), "AllKinds", written, []).Create().ToString(), Is.EqualTo(expected));

    [TestCase("", "none")]
    [TestCase("factor=1.5", "factor 1.5")]
    public void Constructor_is_the_one_that_takes_what_is_given(string written, string expected) =>
        Assert.That(((TwoWays)Construction.Of(typeof(TwoWays), "TwoWays", written, []).Create()).Way, Is.EqualTo(expected));

    [Test]
    public void Parameters_the_program_supplies_are_not_the_users()
    {
        Construction construction = Construction.Of(typeof(AllKinds), "AllKinds", "c=1", ["a"]);

        Assert.That(construction.Create(("a", 9), ("absent", 1)).ToString(), Does.StartWith("9 2 1 "));
        Assert.That(Assert.Throws<PluginException>(() => Construction.Of(typeof(AllKinds), "AllKinds", "a=1", ["a"]))!.Message, Does.Contain("not 'a'"));
    }

    [TestCase(typeof(AllKinds), "", "X needs a, a whole number: write X:a=…")]
    [TestCase(typeof(AllKinds), "a=1,e=yes", "X: e takes true or false, not 'yes'")]
    [TestCase(typeof(AllKinds), "a=1,g=Sumer", "X: g takes one of Winter, Summer, not 'Sumer'; did you mean Summer?")]
    [TestCase(typeof(AllKinds), "a=99999999999", "X: a takes a whole number, not '99999999999'")]
    [TestCase(typeof(TwoWays), "way=1", "X takes no arguments, not 'way'")]
    [TestCase(typeof(Closed), "", "has no public constructor")]
    [TestCase(typeof(Untypable), "shares=1", "X: shares is a Double[], which cannot be written on a command line")]
    public void Wrong_arguments_are_told_in_one_line(Type type, string written, string expected) =>
        Assert.That(Assert.Throws<PluginException>(() => Construction.Of(type, "X", written, []))!.Message, Does.Contain(expected));

    [Test]
    public void Constructor_that_fails_is_told() => Assert.That(
        Assert.Throws<PluginException>(() => Construction.Of(typeof(Failing), "X", "", []).Create())!.Message,
        Is.EqualTo("X: its constructor failed: InvalidOperationException: of its own"));
}
