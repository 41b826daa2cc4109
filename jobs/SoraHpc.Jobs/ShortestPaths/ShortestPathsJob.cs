using System.Diagnostics;
using SoraHpc.Communication;
using SoraHpc.Communication.Reductions;
using SoraHpc.Decomposition;
using SoraHpc.Diagnostics;
using SoraHpc.Runtime;
using SoraHpc.Runtime.Balancing;
using SoraHpc.Runtime.Elasticity;
using SoraHpc.Runtime.Events;
using SoraHpc.Runtime.Gathering;
using SoraHpc.Storage;

namespace SoraHpc.Jobs.ShortestPaths;

/// <summary>
/// Shortest paths from one vertex to all others, by events or by rounds; the distances have the same bits either way, on any number of
/// ranks. Read <see cref="Run"/>, then <see cref="Step"/>.
/// </summary>
public sealed class ShortestPathsJob : IJob
{
    private readonly ShortestPathsOptions options;
    private readonly GraphSource data;
    private Field<double> distances = null!;
    private DistanceLabels labels = null!;
    private EventLoop<Label, EventRelaxation>? loop;
    private RoundRelaxation? rounds;
    private long improved = 1;

    private ShortestPathsJob(ShortestPathsOptions options, GraphSource data) => (this.options, this.data) = (options, data);

    /// <summary>The whole job on every rank of a world. Collective.</summary>
    public static RunResult Run(Communicator world, ShortestPathsOptions options, SoraOptions? soraOptions = null)
    {
        options.CheckSource();
        GraphSource data = options.Graph is { } graph ? new GeneratedGraphSource(graph) : new GraphFileSource(options);
        Sora sora = new(data, new SlabPartitioner(), new StaticBalancer(options.Capabilities), options.Sync, new FixedSize(), soraOptions);
        return sora.Run(world, new ShortestPathsJob(options, data)) with { WorkUnit = "edges", Quality = null };      // no halo is exchanged
    }

    /// <inheritdoc/>
    public string Name => "paths";

    /// <inheritdoc/>
    public bool IsDone => improved == 0;

    /// <inheritdoc/>
    public JobProgress Progress => new(IsDone ? 1 : 0, IsDone ? "done" : $"{improved} vertices improved");

    /// <inheritdoc/>
    public void Prepare(Particle particle)
    {
        distances = particle.AddField<double>("distance");
        labels = new DistanceLabels(data.Local, distances, particle.Rank);
        if (options.Sync is EventSync sync)
            loop = particle.Own(new EventLoop<Label, EventRelaxation>(particle.Communicator, new EventRelaxation(labels), sync.Options));
        else
            rounds = new RoundRelaxation(labels, particle.Communicator);
        (int owner, int vertex) = data.Local.Locate(options.Source);
        if (owner != particle.Rank)
            return;
        loop?.Sender.Send(owner, new Label(vertex, 0));
        rounds?.Take(new Label(vertex, 0));
    }

    /// <summary>By events, one step is the whole search; else one step is one round.</summary>
    public void Step(Particle particle)
    {
        if (loop is null)
            improved = rounds!.Round();
        else
        {
            loop.RunUntilQuiet();
            particle.CountWait(Stopwatch.GetTimestamp() - loop.Statistics.IdleTicks);
            improved = 0;
        }
        particle.WorkPerStep = (double)labels.Relaxations / (particle.Step + 1);     // W = edges looked along, over all steps
    }

    /// <inheritdoc/>
    public void Observe(Particle particle, Observables observables)
    {
        ExactSum reached = observables.Sum("vertices reached"), total = observables.Sum("sum of distances");
        double farthest = 0;
        foreach (double distance in labels.All)
        {
            if (double.IsPositiveInfinity(distance))
                continue;
            reached.Add(1);
            total.Add(distance);
            farthest = Math.Max(farthest, distance);
        }
        observables.Max("largest distance", farthest);
        observables.Sum("labels sent").Add(loop?.Statistics.Sent ?? rounds!.LabelsSent);
    }

    /// <inheritdoc/>
    public void Finish(Particle particle)
    {
        if (options.Verify)
            Compare(FieldGather.ToRoot(particle, distances));
        if (options.Output is null)
            return;
        using Hdf5File file = Hdf5File.Create(options.Output, particle.Communicator);
        using (Hdf5Dataset dataset = file.CreateDataset<double>("distance", [particle.Partition.Grid.Extent.Columns], new DatasetLayout { EveryElementIsWritten = true }))
        {
            dataset.Attributes.Write("source", options.Source);
            dataset.Attributes.WriteString("graph", data.ToString()!);
            FieldWriter.Write(particle, distances, dataset);
        }
        file.Commit();
    }

    private void Compare(double[] gathered)
    {
        if (gathered.Length == 0)
            return;                                         // not the root
        double[] expected = DijkstraReference.Distances(data.Adjacency(), options.Source);
        for (int vertex = 0; vertex < expected.Length; vertex++)
            if (gathered[vertex] != expected[vertex])
                throw new SoraException($"vertex {vertex}: distance {gathered[vertex]:R}, by Dijkstra's method {expected[vertex]:R}");
    }
}
