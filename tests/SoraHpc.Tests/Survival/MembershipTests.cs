using NUnit.Framework;
using SoraHpc.Communication.Survival.Detection;

namespace SoraHpc.Tests.Survival;

/// <summary>What one rank concludes from the deaths and signs it knows.</summary>
public sealed class MembershipTests
{
    [Test]
    public void Dead_have_the_same_fingerprint_in_any_order_of_hearing()
    {
        Membership one = World(0, 5), other = World(1, 5);
        one.Bury(2);
        one.Bury(4);
        other.Bury(4);

        Assert.That(other.Dead, Is.Not.EqualTo(one.Dead));
        Assert.That(other.Bury(2), Is.True);
        Assert.That(other.Bury(2), Is.False, "known already");
        Assert.That(other.Dead, Is.EqualTo(one.Dead).And.Not.Zero);
    }

    [Test]
    public void World_is_formed_when_all_living_know_the_same_dead()
    {
        Membership own = World(0, 3), other = World(1, 3);
        own.Bury(2);
        own.Say(LifeState.Arrived, 0);
        own.Hear(other.Say(LifeState.Arrived, 0));

        Assert.That(own.NextGeneration(LifeState.Arrived), Is.EqualTo(-1), "the other does not know of the death");
        Assert.That(own.Missing(LifeState.Arrived), Is.EqualTo((int[])[1]));
        other.Bury(2);
        own.Hear(other.Say(LifeState.Arrived, 0));
        Assert.That(own.NextGeneration(LifeState.Arrived), Is.EqualTo(1));
        Assert.That(own.NextGeneration(LifeState.Arrived | LifeState.Ready), Is.EqualTo(-1), "nobody is ready yet");
    }

    [Test]
    public void Rank_that_is_ahead_has_seen_this_one_arrive()
    {
        Membership own = World(0, 3), other = World(1, 3);
        own.Bury(2);
        other.Bury(2);
        own.Say(LifeState.Arrived, 0);
        own.Hear(other.Say(LifeState.Running, 4));

        Assert.That(own.NextGeneration(LifeState.Arrived), Is.EqualTo(4), "both take the higher number");
    }

    [Test]
    public void Older_signs_change_nothing()
    {
        Membership own = World(0, 2), other = World(1, 2);
        LifeSign early = other.Say(LifeState.Running, 0), late = other.Say(LifeState.Done, 0);

        Assert.That(own.Hear(late), Is.True);
        Assert.That(own.Hear(early), Is.False);
        Assert.That(own.SignOf(1), Is.EqualTo(late));
    }

    [Test]
    public void Run_is_over_when_every_rank_was_done_before_it_died_or_left([Values] bool wasDone)
    {
        Membership own = World(0, 2), other = World(1, 2);
        own.Say(LifeState.Done, 0);
        own.Hear(other.Say(wasDone ? LifeState.Done : LifeState.Running, 0));
        own.Bury(1);

        Assert.That(own.AllAreDone(), Is.EqualTo(wasDone));
    }

    private static Membership World(int self, int members)
    {
        Membership made = new(self, members);
        made.Enter(0, [.. Enumerable.Range(0, members)]);
        return made;
    }
}
