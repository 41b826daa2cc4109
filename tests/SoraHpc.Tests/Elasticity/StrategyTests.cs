using NUnit.Framework;
using SoraHpc.Diagnostics;
using SoraHpc.Runtime.Elasticity;

namespace SoraHpc.Tests.Elasticity;

public sealed class StrategyTests
{
    // N = N0 + (Nmax − N0)·W / Wmax, rounded up, in [Nmin, Nmax].
    [TestCase(2, 8, null, 0, 100, ExpectedResult = 2)]
    [TestCase(2, 8, null, 50, 100, ExpectedResult = 5)]
    [TestCase(2, 8, null, 51, 100, ExpectedResult = 6)]
    [TestCase(2, 8, null, 100, 100, ExpectedResult = 8)]
    [TestCase(2, 8, 0, 10, 100, ExpectedResult = 2)]
    [TestCase(2, 8, 0, 50, 100, ExpectedResult = 4)]
    [TestCase(1, 3, 1, 0, 0, ExpectedResult = 1)]
    public int Particles_follow_the_formula(int least, int most, int? idle, double work, double mostWork) => new WorkSizing(least, most, idle).Particles(work, mostWork);

    [Test]
    public void Work_beyond_what_was_called_full_takes_no_more_than_all() =>
        Assert.That(new WorkSizing(1, 4, fullWork: 10).Particles(35, 35), Is.EqualTo(4));

    [Test]
    public void Expand_only_grows_and_shrink_only_falls_and_follow_does_both()
    {
        double[] work = [10, 40, 100, 60, 5];
        WorkSizing sizing = new(1, 4, idle: 0, fullWork: 100);
        Assert.That(Numbers(new Expand(sizing), work), Is.EqualTo(new[] { 1, 2, 4, 4, 4 }));
        Assert.That(Numbers(new Shrink(sizing), work), Is.EqualTo(new[] { 1, 1, 1, 1, 1 }));
        Assert.That(Numbers(new Shrink(sizing), [100, 60, 80, 20]), Is.EqualTo(new[] { 4, 3, 3, 1 }));
        Assert.That(Numbers(new FollowWork(sizing), work), Is.EqualTo(new[] { 1, 2, 4, 3, 1 }));
    }

    [Test]
    public void Schedule_is_asked_at_each_of_its_steps_and_answers_what_holds_then()
    {
        Schedule schedule = new((2, 0), (4, 100), (1, 250), (3, 300));
        Assert.That((schedule.Interval, schedule.Particles(4, 1000)), Is.EqualTo((50L, 2)));
        Assert.That(new long[] { 50, 100, 200, 250, 300, 950 }.Select(step => schedule.Resize(new(step, 4, 2, 1000, 1, 1))), Is.EqualTo(new[] { 2, 4, 4, 1, 3, 3 }));
        Assert.That(new Schedule((3, 0)).Interval, Is.Zero);
    }

    [Test]
    public void Numbers_that_do_not_go_together_are_refused_with_one_line()
    {
        Assert.That(() => new WorkSizing(4, 2), Refused("elasticity: the least number of particles, 4, is above the most, 2"));
        Assert.That(() => new WorkSizing(0, 2), Refused("elasticity: a run has 1 particle or more, not 0"));
        Assert.That(() => new WorkSizing(1, 2, 3), Refused("elasticity: 3 particles without work are not in [0, 2]"));
        Assert.That(() => new WorkSizing(1, 2, fullWork: 0), Refused("elasticity: the work that all particles are worth is a positive number, not 0"));
        Assert.That(() => new Expand(new(1, 4)).Particles(2, 100), Refused("elasticity: up to 4 particles need as many ranks, there are 2: run on 4 (--ranks, mpiexec -n), or ask for at most 2"));
        Assert.That(() => new Schedule((2, 5)), Refused("elasticity: a schedule begins with the particles from step 0 on, such as 2@0,4@100"));
        Assert.That(() => new Schedule((2, 0), (3, 9), (1, 9)), Refused("elasticity: step 9 of the schedule comes after step 9, and must be later"));
        Assert.That(() => new Schedule((2, 0), (0, 9)), Refused("elasticity: a run has 1 particle or more, not 0"));
        Assert.That(() => new Schedule((2, 0), (4, 100)).Particles(2, 100), Refused("elasticity: the schedule asks for 4 particles from step 100 on, there are 2 ranks: run on 4 (--ranks, mpiexec -n), or ask for at most 2"));
    }

    private static NUnit.Framework.Constraints.IResolveConstraint Refused(string line) => Throws.TypeOf<UsageException>().With.Message.EqualTo(line);

    private static int[] Numbers(IElasticity elasticity, double[] work)
    {
        List<int> numbers = [];
        double most = 0;
        int now = elasticity.Particles(4, 1000);
        foreach (double one in work)
            numbers.Add(now = elasticity.Resize(new(1, 4, now, 1000, one, most = Math.Max(most, one))));
        return [.. numbers];
    }
}
