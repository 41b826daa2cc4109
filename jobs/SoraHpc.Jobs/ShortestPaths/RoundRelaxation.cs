using System.Runtime.InteropServices;
using SoraHpc.Communication;

namespace SoraHpc.Jobs.ShortestPaths;

/// <summary>The method by rounds (Bellman and Ford): every vertex that the last round improved sends labels along its edges, all ranks
/// exchange them and meet. It ends with a round that improved nothing.</summary>
internal sealed class RoundRelaxation
{
    private readonly DistanceLabels labels;
    private readonly Communicator ranks;
    private readonly bool[] isListed;
    private readonly List<Label>[] outgoing;
    private readonly int[] counts, arriving;
    private List<int> improved = [], relaxed = [];
    private Label[] leaving = [], arrived = [];

    internal RoundRelaxation(DistanceLabels labels, Communicator ranks)
    {
        (this.labels, this.ranks) = (labels, ranks);
        isListed = new bool[labels.Graph.Vertices];
        outgoing = [.. Enumerable.Range(0, ranks.Size).Select(_ => new List<Label>())];
        (counts, arriving) = (new int[ranks.Size], new int[ranks.Size]);
    }

    /// <summary>Labels sent to other ranks.</summary>
    internal long LabelsSent { get; private set; }

    /// <summary>Takes a label, and remembers the vertex for the next round.</summary>
    internal void Take(in Label label)
    {
        if (!labels.Improve(label.Vertex, label.Distance) || isListed[label.Vertex])
            return;
        isListed[label.Vertex] = true;
        improved.Add(label.Vertex);
    }

    /// <summary>One round; returns the vertices it improved, on all ranks together. Collective.</summary>
    internal long Round()
    {
        (improved, relaxed) = (relaxed, improved);
        foreach (int vertex in relaxed)
            isListed[vertex] = false;
        foreach (int vertex in relaxed)
            Relax(vertex);
        relaxed.Clear();
        Exchange();
        return ranks.Allreduce((long)improved.Count, ReduceOperation.Sum);
    }

    private void Relax(int vertex)
    {
        double distance = labels[vertex];
        ReadOnlySpan<Arc> arcs = labels.Graph.ArcsOf(vertex);
        labels.Relaxations += arcs.Length;
        foreach (ref readonly Arc arc in arcs)
        {
            Label label = new(arc.Vertex, distance + arc.Weight);
            if (arc.Rank == labels.Rank)
                Take(label);
            else
                outgoing[arc.Rank].Add(label);
        }
    }

    private void Exchange()
    {
        int sent = 0;
        for (int rank = 0; rank < counts.Length; rank++)
            sent += counts[rank] = outgoing[rank].Count;
        ranks.Alltoall<int>(counts, arriving);
        int received = arriving.Sum(), at = 0;
        Span<Label> send = Sized(ref leaving, sent), receive = Sized(ref arrived, received);
        foreach (List<Label> list in outgoing)
        {
            CollectionsMarshal.AsSpan(list).CopyTo(send[at..]);
            at += list.Count;
            list.Clear();
        }
        ranks.Alltoallv<Label>(send, counts, receive, arriving);
        LabelsSent += sent;
        foreach (ref readonly Label label in receive)
            Take(label);
    }

    private static Span<Label> Sized(ref Label[] buffer, int length)
    {
        if (buffer.Length < length)
            buffer = new Label[Math.Max(length, 2 * buffer.Length)];
        return buffer.AsSpan(0, length);
    }
}
