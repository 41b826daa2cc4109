using NUnit.Framework;
using SoraHpc.Runtime.Stealing;

namespace SoraHpc.Tests.Stealing;

public sealed class ControlWordTests
{
    [Test]
    public void Claims_share_out_every_task_once([Values(1, 2, 63, 64, 65, 1000, 1 << 20)] int tasks, [Values(1, 3, 40)] int blocks)
    {
        ControlWord word = ControlWord.Offering(tasks, 1, 1e6);
        int next = 0;
        for (int claim = 0; claim < ControlWord.MostBlocks + 3; claim++)
        {
            Assert.That(word.Claimed, Is.EqualTo(next));
            Assert.That(word.Left, Is.EqualTo(tasks - next));
            Assert.That(word.IsUsedUp, Is.EqualTo(next == tasks));
            next = word.StartOf(word.NextBlock + blocks);
            word = new(word.Bits + blocks);
        }

        Assert.That(next, Is.EqualTo(tasks));
        Assert.That((word.Tasks, word.Half), Is.EqualTo((tasks, 1)));
    }

    [Test]
    public void Late_claims_of_as_many_ranks_as_may_be_spoil_nothing()
    {
        ControlWord word = ControlWord.Offering(1 << 20, 0, 3e7);
        word = new(word.Bits + ControlWord.MostBlocks * (long)(ControlWord.MostRanks - 1));

        Assert.That((word.Tasks, word.Half, word.Left), Is.EqualTo((1 << 20, 0, 0)));
    }

    [TestCase(0)]
    [TestCase(1.0)]
    [TestCase(123456.0)]
    [TestCase(3e9)]
    public void Rate_is_kept_to_one_in_128(double rate)
    {
        Assert.That(ControlWord.Offering(7, 1, rate).Rate, Is.EqualTo(rate).Within(rate / 128));
        Assert.That(ControlWord.Offering(7, 1, rate).Bits, Is.Not.Negative);
    }

    [TestCase(1000, 500.0, 32)]
    [TestCase(1000, 0.1, 1)]
    [TestCase(1000, 5000.0, 64)]
    [TestCase(3, 1.5, 1)]
    public void Blocks_are_about_the_tasks_wanted(int tasks, double wanted, int blocks) =>
        Assert.That(ControlWord.Offering(tasks, 0, 1).BlocksFor(wanted), Is.EqualTo(blocks));

    [Test]
    public void Empty_word_offers_nothing_also_after_late_claims()
    {
        ControlWord word = new(64);

        Assert.That((word.Tasks, word.Left, word.Claimed, word.IsUsedUp, word.StartOf(64)), Is.EqualTo((0, 0, 0, true, 0)));
    }
}
