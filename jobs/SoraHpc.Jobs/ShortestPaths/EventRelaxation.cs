using SoraHpc.Runtime.Events;

namespace SoraHpc.Jobs.ShortestPaths;

/// <summary>
/// The method by events. A label that improves a vertex puts it into this rank's queue; the queue's nearest vertices are taken out, a few
/// at a time, and labels go out along their edges. On one rank this is Dijkstra's method; on several, a vertex may be taken out again
/// when a better label comes late, which costs work and not correctness.
/// </summary>
internal readonly struct EventRelaxation(DistanceLabels labels) : IEventHandler<Label>
{
    private const int VerticesAtATime = 16;

    private readonly PriorityQueue<int, double> queue = new();

    /// <inheritdoc/>
    public void Handle(in Label received, int source, EventSender<Label> sender)
    {
        if (labels.Improve(received.Vertex, received.Distance))
            queue.Enqueue(received.Vertex, received.Distance);
    }

    /// <inheritdoc/>
    public bool Work(EventSender<Label> sender)
    {
        int taken = 0;
        for (; taken < VerticesAtATime && queue.TryDequeue(out int vertex, out double distance); taken++)
            if (distance == labels[vertex])         // else a shorter way was found since
                Relax(vertex, distance, sender);
        return taken > 0;
    }

    private void Relax(int vertex, double distance, EventSender<Label> sender)
    {
        ReadOnlySpan<Arc> arcs = labels.Graph.ArcsOf(vertex);
        labels.Relaxations += arcs.Length;
        foreach (ref readonly Arc arc in arcs)
        {
            double candidate = distance + arc.Weight;
            if (arc.Rank != labels.Rank)
                sender.Send(arc.Rank, new Label(arc.Vertex, candidate));
            else if (labels.Improve(arc.Vertex, candidate))
                queue.Enqueue(arc.Vertex, candidate);
        }
    }
}
