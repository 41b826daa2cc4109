using NUnit.Framework;
using SoraHpc.Runtime.Stealing;

namespace SoraHpc.Tests.Stealing;

public sealed class TaskQueueTests
{
    [Test]
    public void Queue_keeps_order_while_it_grows_and_moves_down([Values(1, 3, 64)] int capacity)
    {
        using var queue = new TaskQueue<int>(capacity);
        var expected = new List<int>();
        var random = new Random(42);
        Span<int> popped = stackalloc int[5];
        for (int i = 0; i < 20_000; i++)
            switch (random.Next(5))
            {
                case 0:
                    int count = queue.PopNewest(popped);
                    Assert.That(popped[..count].ToArray(), Is.EqualTo(expected.TakeLast(5)));
                    expected.RemoveRange(expected.Count - count, count);
                    break;
                case 1:
                    int half = queue.Count / 2;
                    Assert.That(queue.Oldest(half).ToArray(), Is.EqualTo(expected.Take(half)));
                    queue.DropOldest(half);
                    expected.RemoveRange(0, half);
                    break;
                default:
                    queue.Push(i);
                    queue.Push([-i, i]);
                    expected.AddRange([i, -i, i]);
                    break;
            }

        Assert.That(queue.Oldest(queue.Count).ToArray(), Is.EqualTo(expected));
    }
}
