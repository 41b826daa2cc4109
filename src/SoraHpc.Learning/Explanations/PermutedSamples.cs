using System.Numerics;
using SoraHpc.Learning.Blocks;
using SoraHpc.Learning.Training;

namespace SoraHpc.Learning.Explanations;

/// <summary>Samples of which some columns come from other samples, which may lie on other ranks.</summary>
/// <param name="share">The samples as they are.</param>
// A rank keeps one number a row and column of the group, and twice as many while they travel; of all rows about (R − 1)/R travel, without their numbers:
// both sides know the permutation, so values in the order of their rows are enough.
internal sealed class PermutedSamples<T>(SampleShare<T> share) : ISamples<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private int[] columns = [];
    private T[] taken = [];

    public long Count => share.Samples.Count;

    public Shape Shape => share.Samples.Shape;

    public int Targets => share.Samples.Targets;

    /// <summary>From now on row i has these columns of row <see cref="RowPermutation.At"/>(i). Collective.</summary>
    internal void Permute(int[] columns, RowPermutation permutation)
    {
        int ranks = share.Communicator.Size, held = share.Held;
        long[] sources = new long[held];
        int[] rows = new int[held], order = new int[held], counts = new int[ranks], from = new int[ranks];
        for (int i = 0; i < held; i++)
        {
            (sources[i], rows[i]) = (permutation.At(share.Begin + i), i);
            from[share.RankOf(sources[i])] += columns.Length;
        }
        Array.Sort(sources, rows);                              // the order in which they come: by rank, and so by row
        int[] wantedBy = new int[held];
        for (int i = 0; i < held; i++)
            counts[wantedBy[i] = share.RankOf(permutation.From(share.Begin + i))]++;
        int[] next = new int[ranks];
        for (int rank = 1; rank < ranks; rank++)
            next[rank] = next[rank - 1] + counts[rank - 1];
        for (int i = 0; i < held; i++)
            order[next[wantedBy[i]]++] = i;
        T[] sent = Columns(columns, order), received = new T[sent.Length];
        share.Communicator.Alltoallv<T>(sent, [.. counts.Select(count => count * columns.Length)], received, from);
        (this.columns, taken) = (columns, sent);                // sent has gone: it takes what came, row by row
        for (int i = 0; i < held; i++)
            received.AsSpan(i * columns.Length, columns.Length).CopyTo(taken.AsSpan(rows[i] * columns.Length));
    }

    public void Read(ReadOnlySpan<long> indices, Span<T> inputs, Span<T> targets)
    {
        share.Samples.Read(indices, inputs, targets);
        for (int i = 0; i < indices.Length; i++)
        {
            ReadOnlySpan<T> values = taken.AsSpan((int)(indices[i] - share.Begin) * columns.Length, columns.Length);
            for (int j = 0; j < columns.Length; j++)
                inputs[i * Shape.Elements + columns[j]] = values[j];
        }
    }

    private T[] Columns(int[] columns, int[] order)
    {
        T[] values = new T[checked(order.Length * columns.Length)], row = new T[Shape.Elements], target = new T[Targets];
        for (int i = 0; i < order.Length; i++)
        {
            share.Samples.Read([share.Begin + order[i]], row, target);
            for (int j = 0; j < columns.Length; j++)
                values[i * columns.Length + j] = row[columns[j]];
        }
        return values;
    }
}
