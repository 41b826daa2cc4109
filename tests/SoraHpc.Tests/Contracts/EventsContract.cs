using NUnit.Framework;
using SoraHpc.Communication;
using SoraHpc.Jobs.ShortestPaths;
using SoraHpc.Runtime.Events;
using SoraHpc.Runtime.Synchronization;

namespace SoraHpc.Tests.Contracts;

/// <summary>What event-driven sync must do on every transport.</summary>
public abstract class EventsContract
{
    /// <summary>Runs <paramref name="body"/> on <paramref name="size"/> ranks; ignores the test where the world has fewer.</summary>
    protected abstract void OnEveryRank(int size, Action<Communicator> body);

    private sealed class SizesAttribute() : ValuesAttribute(1, 2, 3, 4, 7);

    // ---- a token that is handed on until it has made its hops ----

    private record struct Token(int Hops);

    private struct HandOn(List<int> hopsSeen) : IEventHandler<Token>
    {
        public readonly void Handle(in Token received, int source, EventSender<Token> sender)
        {
            hopsSeen.Add(received.Hops);
            if (received.Hops > 0)
                sender.Send((sender.Rank + 1) % sender.Size, new Token(received.Hops - 1));
        }

        public readonly bool Work(EventSender<Token> sender) => false;
    }

    [Test]
    public void Run_without_an_event_ends_on_every_rank([Sizes] int size) => OnEveryRank(size, comm =>
    {
        using EventLoop<Token, HandOn> loop = new(comm, new HandOn([]));
        loop.RunUntilQuiet();
        Assert.That(loop.Statistics with { IdleTicks = 0 }, Is.EqualTo(new EventStatistics(0, 0, 0, 0, Waves: 2, 0)));
    });

    [Test]
    public void Token_makes_all_its_hops_and_then_the_run_ends([Sizes] int size) => OnEveryRank(size, comm =>
    {
        const int Hops = 200;
        List<int> seen = [];
        using EventLoop<Token, HandOn> loop = new(comm, new HandOn(seen));
        for (int run = 0; run < 3; run++)
        {
            seen.Clear();
            if (comm.Rank == run % comm.Size)
                loop.Sender.Send(comm.Rank, new Token(Hops));
            loop.RunUntilQuiet();
            int[] all = comm.Allgatherv<int>(seen.ToArray());
            Assert.That(all.Order(), Is.EqualTo(Enumerable.Range(0, Hops + 1)).AsCollection, $"run {run}");
        }
    });

    // ---- every rank floods every rank, in messages of one to many events ----

    private record struct Numbered(long Number);

    private struct InOrder(long[] next, int[] wrong) : IEventHandler<Numbered>
    {
        public readonly void Handle(in Numbered received, int source, EventSender<Numbered> sender) =>
            wrong[0] += next[source]++ == received.Number ? 0 : 1;

        public readonly bool Work(EventSender<Numbered> sender) => false;
    }

    [Test]
    public void Events_of_one_source_arrive_all_and_in_order([Sizes] int size, [Values(1, 64, 4096)] int batchBytes) => OnEveryRank(size, comm =>
    {
        const int Each = 2000;
        long[] next = new long[comm.Size];
        int[] wrong = new int[1];
        using EventLoop<Numbered, InOrder> loop = new(comm, new InOrder(next, wrong), new EventLoopOptions { BatchBytes = batchBytes, ReceivesAhead = 2 });
        for (int number = 0; number < Each; number++)
            for (int rank = 0; rank < comm.Size; rank++)
                loop.Sender.Send(rank, new Numbered(number));
        loop.RunUntilQuiet();
        Assert.That(wrong[0], Is.Zero, "events out of order");
        Assert.That(next, Is.All.EqualTo(Each));
        EventStatistics passed = loop.Statistics;
        Assert.That((passed.Sent, passed.Received, passed.Local), Is.EqualTo(((comm.Size - 1L) * Each, (comm.Size - 1L) * Each, (long)Each)));
        int perBatch = Math.Max(1, batchBytes / sizeof(long));
        Assert.That(passed.BatchesSent, Is.EqualTo((comm.Size - 1) * ((Each + perBatch - 1) / perBatch)), "full but for the last");
    });

    [Test]
    public void Steady_exchange_of_events_allocates_nothing() => OnEveryRank(2, comm =>
    {
        List<int> seen = new(100_000);
        using EventLoop<Token, HandOn> loop = new(comm, new HandOn(seen));
        long least = Allocations.Least(() =>
        {
            seen.Clear();
            if (comm.IsRoot)
                loop.Sender.Send(1, new Token(100));
            loop.RunUntilQuiet();
        }, steps: 10);
        Assert.That(least, Is.Zero, "bytes allocated by 10 runs");
    });

    [Test]
    public void Event_for_a_rank_that_does_not_exist_is_refused([Values(-1, 1, 99)] int beyond) => OnEveryRank(2, comm =>
    {
        using EventLoop<Token, HandOn> loop = new(comm, new HandOn([]));
        int rank = beyond < 0 ? beyond : comm.Size - 1 + beyond;
        CommunicationException failure = Assert.Throws<CommunicationException>(() => loop.Sender.Send(rank, new Token(0)))!;
        Assert.That(failure.Message, Is.EqualTo($"EventSender.Send on rank {comm.WorldRank}: an event Token for rank {rank}, which is not in [0, {comm.Size})"));
        loop.RunUntilQuiet();
    });

    [Test]
    public void Runs_with_random_delays_end_when_all_is_done_and_not_before([Sizes] int size, [Range(1, 8)] int seed) => OnEveryRank(size, comm =>
        Assert.That(SeedTreeRank.Run(comm, seed, runs: 5, TerminationDetector.FourCounter), Is.Null));

    // ---- the job ----

    private static IEnumerable<IGraph> Graphs() => [new GridGraph(31, 17, seed: 5), new RmatGraph(8, 8, seed: 3)];

    [Test]
    public void Shortest_paths_by_events_and_by_rounds_have_the_bits_of_Dijkstra([Sizes] int size, [ValueSource(nameof(Graphs))] IGraph graph, [Values] bool byEvents) =>
        OnEveryRank(size, comm =>
        {
            double[] expected = DijkstraReference.Distances(graph, source: 7);
            var result = ShortestPathsJob.Run(comm, new ShortestPathsOptions
            {
                Graph = graph,
                Source = 7,
                Sync = byEvents ? new EventSync(new EventLoopOptions { BatchBytes = 256 }) : new GlobalSync(),
                Verify = true,                  // every distance, on the root
            });
            Assert.That(result.Observables["vertices reached"], Is.EqualTo(expected.Count(double.IsFinite)));
            Assert.That(result.Observables["largest distance"], Is.EqualTo(expected.Where(double.IsFinite).Max()));
        });

    [Test]
    public void Shortest_paths_of_a_graph_in_a_file_have_the_bits_of_Dijkstra([Sizes] int size, [ValueSource(nameof(Graphs))] IGraph graph) => OnEveryRank(size, comm =>
    {
        using SharedFolder folder = new(comm);
        string path = folder.File("graph.h5");
        folder.ByRoot(() => GraphData.Write(path, graph));
        double[] expected = DijkstraReference.Distances(graph, source: 7);
        var result = ShortestPathsJob.Run(comm, new ShortestPathsOptions { DataFile = path, Source = 7, Verify = true });
        Assert.That(result.Observables["vertices reached"], Is.EqualTo(expected.Count(double.IsFinite)));
        Assert.That(result.Observables["largest distance"], Is.EqualTo(expected.Where(double.IsFinite).Max()));
    });
}
