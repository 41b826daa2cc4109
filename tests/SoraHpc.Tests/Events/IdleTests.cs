using System.Diagnostics;
using NUnit.Framework;
using SoraHpc.Communication.Threads;
using SoraHpc.Runtime.Events;

namespace SoraHpc.Tests.Events;

public sealed class IdleTests
{
    private record struct Nothing(int Number);

    /// <summary>One rank is busy for a while, without using the processor; the others have nothing to do.</summary>
    private readonly struct BusyOnce(bool[] isBusy, TimeSpan time) : IEventHandler<Nothing>
    {
        public void Handle(in Nothing received, int source, EventSender<Nothing> sender) { }

        public bool Work(EventSender<Nothing> sender)
        {
            if (!isBusy[sender.Rank])
                return false;
            Thread.Sleep(time);
            return !(isBusy[sender.Rank] = false);
        }
    }

    [Test]
    public void Ranks_that_wait_for_a_slow_one_leave_the_cores_to_others()
    {
        TimeSpan busy = TimeSpan.FromMilliseconds(800), used = TimeSpan.Zero;
        bool[] isBusy = [false, false, true, false];
        ThreadWorld.Run(4, comm =>
        {
            using EventLoop<Nothing, BusyOnce> loop = new(comm, new BusyOnce(isBusy, busy));
            comm.Barrier();
            TimeSpan before = Process.GetCurrentProcess().TotalProcessorTime;
            loop.RunUntilQuiet();
            if (comm.IsRoot)
                used = Process.GetCurrentProcess().TotalProcessorTime - before;
            double idleSeconds = (double)loop.Statistics.IdleTicks / Stopwatch.Frequency;
            Assert.That(idleSeconds, comm.Rank == 2 ? Is.LessThan(0.4) : Is.GreaterThan(0.7));
        });

        Assert.That(used.TotalSeconds, Is.LessThan(0.4), "processor time of three idle ranks in 0.8 s");
    }
}
