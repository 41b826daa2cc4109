using NUnit.Framework;
using SoraHpc.Communication;
using SoraHpc.Communication.Faults;

namespace SoraHpc.Tests.Threads;

/// <summary>A run on threads in which something goes wrong, and what came of it. One that does not end fails the test that waits for it.</summary>
internal sealed record FaultyRun(int Code, string Said, IReadOnlyList<FaultEvent> Events)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Runs the body on ranks of which some are made to fail.</summary>
    internal static FaultyRun Of(int ranks, FaultSchedule schedule, Action<Communicator> body, SurvivalOptions? survival = null, bool checks = false)
    {
        var said = new StringWriter();
        List<FaultEvent> events = [];
        Task<int> run = Task.Run(() => World.Run(body, new WorldOptions
        {
            Transport = Transport.Threads, Ranks = ranks, Survival = survival, CheckMessages = checks, Error = TextWriter.Synchronized(said),
            Faults = schedule with { OnEvent = events.Add },
        }));
        if (!run.Wait(Patience))
            Assert.Fail($"hangs with {schedule}{Environment.NewLine}{string.Join(Environment.NewLine, events.ToArray())}");
        return new(run.Result, said.ToString(), events);
    }

    /// <summary>Faults given one by one.</summary>
    internal static FaultSchedule Schedule(bool takeTurns, params Fault[] faults) => new() { Faults = faults, Seed = 1, TakeTurns = takeTurns };

    /// <summary>The lines about what ended the run: those that tell of no recovery.</summary>
    internal string[] Failures => [.. Said.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries).Where(line => !line.Contains("going on with"))];
}
