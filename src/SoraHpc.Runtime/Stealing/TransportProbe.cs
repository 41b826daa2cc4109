using System.Diagnostics;
using SoraHpc.Communication;

namespace SoraHpc.Runtime.Stealing;

/// <summary>
/// Finds out how tasks best go between nodes, between one rank and a target on another node that computes. The target writes into its own
/// memory whether it computes: an access that reads "yes" was carried out while it did, whatever the clocks say.
/// </summary>
internal sealed class TransportProbe(Communicator all, int thief, int target)
{
    private const long Computes = 1;
    private const int Tries = 3, Samples = 16, PingTag = 1, DoneTag = 2;

    // How long the target computes at the first try, doubled at each further one: long beside any access, short beside a job.
    private const double FirstSeconds = 1e-3;

    // A library whose own thread makes the progress may be passive and yet slower than a target that polls.
    private const double SlowSeconds = 1e-4;

    // Between two looks of a target that polls.
    private const double PollSeconds = 5e-6;

    /// <summary>Collective over all ranks.</summary>
    internal ProbedTransport Choose(StealTransport wanted)
    {
        double poll = PollTicks();
        if (wanted != StealTransport.Measured)
            return new(wanted, 0, poll);
        using Window<long> window = all.AllocateWindow<long>(1);
        window.LockAll();
        ProbedTransport best = new(StealTransport.Rma, Passive(window), poll);
        if (best.AccessSeconds is 0 or > SlowSeconds)
            best = Polled(window) with { PollTicks = poll };
        window.UnlockAll();
        return best;
    }

    private double PollTicks()
    {
        all.TryProbe(out _);
        long since = Stopwatch.GetTimestamp();
        for (int i = 0; i < Samples; i++)
            all.TryProbe(out _);
        return (Stopwatch.GetTimestamp() - since) / (double)Samples;
    }

    /// <summary>The time of an access that is carried out while the target makes no call; 0 when none was.</summary>
    private double Passive(Window<long> window)
    {
        double seconds = 0;
        for (int attempt = 0; attempt < Tries && seconds == 0; attempt++)
        {
            double limit = FirstSeconds * (1 << attempt);
            if (all.Rank == thief)
                Read(window);                       // the first access also connects
            all.Barrier();
            if (all.Rank == target)
                Compute(window, limit);
            seconds = all.Broadcast(all.Rank == thief ? MedianWhileComputing(window, limit) : 0, thief);
        }
        return seconds;
    }

    private static void Compute(Window<long> window, double seconds)
    {
        Volatile.Write(ref window.Local[0], Computes);
        Spin(seconds);
        Volatile.Write(ref window.Local[0], 0);
    }

    private double MedianWhileComputing(Window<long> window, double limit)
    {
        List<double> seen = [];
        long begun = Stopwatch.GetTimestamp();
        while (seen.Count < Samples && Stopwatch.GetElapsedTime(begun).TotalSeconds < limit)
        {
            long since = Stopwatch.GetTimestamp();
            if (Read(window) == Computes)
                seen.Add(SecondsSince(since));
        }
        return Median(seen);
    }

    /// <summary>The better of polled RMA and messages, measured against a target that looks for messages every few microseconds.</summary>
    private ProbedTransport Polled(Window<long> window)
    {
        double access = 0, question = 0;
        all.Barrier();
        if (all.Rank == target)
            AnswerUntilDone();
        if (all.Rank == thief)
        {
            access = Time(() => Read(window));
            question = Time(() =>
            {
                all.Send(0L, target, PingTag);
                all.Receive<long>(target, PingTag);
            });
            all.Send(0L, target, DoneTag);
        }
        (access, question) = (all.Broadcast(access, thief), all.Broadcast(question, thief));
        return question < ProbedTransport.AccessesPerSteal * access
            ? new(StealTransport.Messages, question, 0) : new(StealTransport.PolledRma, access, 0);
    }

    private void AnswerUntilDone()
    {
        while (true)
        {
            Spin(PollSeconds);
            if (!all.TryProbe(out Status status, thief))
                continue;
            all.Receive<long>(thief, status.Tag);
            if (status.Tag == DoneTag)
                return;
            all.Send(0L, thief, PingTag);
        }
    }

    private long Read(Window<long> window) => window.FetchAndOperate(0, target, 0, ReduceOperation.NoOperation);

    private static double Time(Action access)
    {
        List<double> seconds = [];
        for (int i = 0; i < Samples; i++)
        {
            long since = Stopwatch.GetTimestamp();
            access();
            seconds.Add(SecondsSince(since));
        }
        return Median(seconds);
    }

    private static double Median(List<double> seconds)
    {
        seconds.Sort();
        return seconds.Count == 0 ? 0 : Math.Max(1e-9, seconds[seconds.Count / 2]);
    }

    // A TimeSpan counts in 100 ns, as long as an access may take.
    private static double SecondsSince(long since) => (Stopwatch.GetTimestamp() - since) / (double)Stopwatch.Frequency;

    private static void Spin(double seconds)
    {
        for (long since = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(since).TotalSeconds < seconds;)
            Thread.SpinWait(10);
    }
}
