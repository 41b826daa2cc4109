using NUnit.Framework;
using SoraHpc.Communication;
using SoraHpc.Runtime.Stealing;

namespace SoraHpc.Tests.Stealing;

/// <summary>The shared part of one rank's tasks, step by step: what races between ranks could only show by chance.</summary>
public sealed unsafe class SharedTasksTests
{
    private const int Capacity = 8;

    private AlignedBuffer<long> header = null!;
    private AlignedBuffer<int> ring = null!;
    private TaskQueue<int> owner = null!, thief = null!;
    private SharedTasks<int> shared;
    private uint settled;

    [SetUp]
    public void Allocate()
    {
        header = new(3 * StealingBoard<int>.Line);
        ring = new(Capacity);
        (owner, thief, settled) = (new(64), new(64), 0);
        shared = new(header.Address, ring.Address, Capacity);
    }

    [TearDown]
    public void Free()
    {
        ((IDisposable)header).Dispose();
        ((IDisposable)ring).Dispose();
        owner.Dispose();
        thief.Dispose();
    }

    [Test]
    public void Oldest_tasks_are_offered_and_stolen_and_the_newest_come_back()
    {
        Push(1, 2, 3, 4, 5, 6, 7, 8, 9);

        Assert.That(shared.Publish(owner, 6, ref settled), Is.EqualTo(6));
        Assert.That(shared.Steal(thief, 0.5), Is.EqualTo(3));
        Assert.That(shared.Reclaim(owner), Is.EqualTo(2));

        Assert.That(Content(thief), Is.EqualTo(new[] { 1, 2, 3 }));
        Assert.That(Content(owner), Is.EqualTo(new[] { 7, 8, 9, 5, 6 }));
        Assert.That(shared.Count, Is.EqualTo(1));
    }

    [TestCase(0.01, 1)]
    [TestCase(0.25, 2)]
    [TestCase(0.99, 7)]
    public void Thief_takes_its_share_and_at_least_one(double share, int expected)
    {
        Push(1, 2, 3, 4, 5, 6, 7, 8);
        shared.Publish(owner, 8, ref settled);

        Assert.That(shared.Steal(thief, share), Is.EqualTo(expected));
    }

    [Test]
    public void Nothing_is_taken_where_nothing_is_offered()
    {
        Assert.That(shared.Steal(thief, 0.5), Is.Zero);
        Assert.That(shared.Reclaim(owner), Is.Zero);
        Assert.That(thief.Count + owner.Count, Is.Zero);
    }

    [Test]
    public void Full_ring_takes_no_more()
    {
        Push(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);

        Assert.That(shared.Publish(owner, 10, ref settled), Is.EqualTo(Capacity));
        Assert.That(shared.Publish(owner, 2, ref settled), Is.Zero);
        Assert.That(Content(owner), Is.EqualTo(new[] { 9, 10 }));
    }

    [Test]
    public void Slots_a_thief_is_still_copying_are_not_written()
    {
        Push(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
        shared.Publish(owner, 8, ref settled);
        // A thief has claimed three and not copied them yet; another has taken one since, and said so.
        header.Address[0] = 3L << 32 | 5;
        shared.Steal(thief, 0.2);

        Assert.That(shared.Publish(owner, 4, ref settled), Is.Zero);
        Assert.That(new Span<int>(ring.Address, 3).ToArray(), Is.EqualTo(new[] { 1, 2, 3 }));

        header.Address[StealingBoard<int>.Line] += 3;      // now they are copied
        Assert.That(shared.Publish(owner, 4, ref settled), Is.EqualTo(4));
    }

    [Test]
    public void Positions_may_wrap_round_and_tasks_go_round_the_ring()
    {
        uint start = uint.MaxValue - 20;
        header.Address[0] = (long)start << 32;
        header.Address[StealingBoard<int>.Line] = start;
        settled = start;
        List<int> stolen = [];
        for (int i = 0; i < 50; i++)
        {
            Push(3 * i, 3 * i + 1, 3 * i + 2);
            Assert.That(shared.Publish(owner, 3, ref settled), Is.EqualTo(3));
            while (shared.Steal(thief, 0.5) > 0)
                continue;
            stolen.AddRange(Content(thief));
            thief.DropOldest(thief.Count);
        }

        Assert.That(stolen, Is.EqualTo(Enumerable.Range(0, 150)));
    }

    private void Push(params ReadOnlySpan<int> tasks) => owner.Push(tasks);

    private static int[] Content(TaskQueue<int> queue) => queue.Oldest(queue.Count).ToArray();
}
