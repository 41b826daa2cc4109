using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.Storage;

namespace SoraHpc.Jobs.ShortestPaths;

/// <summary>
/// A directed graph in an HDF5 file, in compressed rows: the arcs that leave vertex v are those from <c>offsets</c>[v] up to
/// <c>offsets</c>[v + 1], arc a leads to <c>targets</c>[a] and is <c>weights</c>[a] long. What is read is checked; the line says which dataset is
/// wrong, and where.
/// </summary>
internal sealed class GraphFile : IDisposable
{
    private readonly string path;
    private readonly Hdf5File file;
    private readonly Hdf5Dataset offsets, targets, weights;

    /// <param name="ranks">The ranks that read it; null: this one alone.</param>
    /// <exception cref="SoraException">A dataset is missing, or has not the shape or numbers a graph has.</exception>
    /// <remarks>Collective over <paramref name="ranks"/>.</remarks>
    internal GraphFile(string path, Communicator? ranks = null)
    {
        this.path = path;
        file = Hdf5File.Open(path, ranks);
        try
        {
            (offsets, targets, weights) = (Row("offsets", isIndex: true), Row("targets", isIndex: true), Row("weights", isIndex: false));
            (Vertices, Arcs) = (offsets.Elements - 1, targets.Elements);
            if (Vertices < 1)
                throw Wrong(offsets, $"{offsets.Elements} numbers are no graph: there is one for every vertex, and one more");
            if (weights.Elements != Arcs)
                throw Wrong(weights, $"{weights.Elements} lengths for the {Arcs} arcs of targets");
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    internal long Vertices { get; }

    internal long Arcs { get; }

    /// <summary>Where the arcs of <paramref name="count"/> vertices begin, and where the last one's end. Local.</summary>
    internal long[] ReadOffsets(long first, int count)
    {
        long[] own = new long[count + 1];
        offsets.Read(new Hyperslab([first], [own.Length]), own.AsSpan());
        for (int i = 0; i < own.Length; i++)
        {
            long at = first + i, least = at == Vertices ? Arcs : i > 0 ? own[i - 1] : 0, most = at == 0 ? 0 : Arcs;
            if (own[i] < least || own[i] > most)
                throw Wrong(offsets, $"{own[i]} at {at}{(i > 0 ? $" after {own[i - 1]}" : "")}: offsets ascend from 0 to the number of arcs, {Arcs}");
        }
        return own;
    }

    /// <summary>Targets and lengths of the arcs from <paramref name="first"/> on. Local.</summary>
    /// <param name="to">As long as <paramref name="length"/>.</param>
    internal void ReadArcs(long first, Span<long> to, Span<double> length)
    {
        Hyperslab slab = new([first], [to.Length]);
        targets.Read(slab, to);
        weights.Read(slab, length);
        if (to.IndexOfAnyExceptInRange(0, Vertices - 1) is >= 0 and int beyond)
            throw Wrong(targets, $"{to[beyond]} at {first + beyond} is no vertex: there are {Vertices}, from 0 on");
        // −0 counts as 0, and NaN is in no range.
        if (length.IndexOfAnyExceptInRange(0, double.MaxValue) is >= 0 and int wrong)
            throw Wrong(weights, FormattableString.Invariant($"{length[wrong]} at {first + wrong} is no length: lengths are 0 or more, and finite"));
    }

    /// <summary>The whole graph. Local.</summary>
    internal List<(long To, double Weight)>[] Adjacency()
    {
        long[] begin = ReadOffsets(0, checked((int)Vertices)), to = new long[Arcs];
        double[] length = new double[Arcs];
        ReadArcs(0, to, length);
        return [.. Enumerable.Range(0, begin.Length - 1).Select(vertex =>
            Enumerable.Range((int)begin[vertex], (int)(begin[vertex + 1] - begin[vertex])).Select(arc => (to[arc], length[arc])).ToList())];
    }

    /// <summary>Collective over the ranks that opened it.</summary>
    public void Dispose() => file.Dispose();

    private Hdf5Dataset Row(string name, bool isIndex)
    {
        Hdf5Dataset dataset = file.Dataset(name);
        if (dataset.Rank != 1)
            throw Wrong(dataset, $"it has {dataset.Rank} dimensions, a row of numbers has one");
        if (isIndex ? dataset.ElementType.Class != Hdf5Class.Integer : !dataset.ElementType.IsNumber)
            throw Wrong(dataset, $"its elements are {dataset.ElementType}, not {(isIndex ? "whole numbers" : "numbers")}");
        return dataset;
    }

    private SoraException Wrong(Hdf5Dataset dataset, string cause) => new($"{path}, dataset {dataset.Name}: {cause}");
}
