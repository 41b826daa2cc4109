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
        int held = share.Held;
        int[] wantedBy = new int[held], gives = new int[share.Communicator.Size], takes = new int[share.Communicator.Size], rows = new int[held], order = new int[held];
        long[] sources = new long[held];
        for (int i = 0; i < held; i++)
        {
            (sources[i], rows[i]) = (permutation.At(share.Begin + i), i);
            takes[share.RankOf(sources[i])]++;
            gives[wantedBy[i] = share.RankOf(permutation.From(share.Begin + i))]++;
        }
        int[] next = Begins(gives);
        for (int i = 0; i < held; i++)
            order[next[wantedBy[i]]++] = i;                     // as they lie, for every rank
        T[] sent = Columns(columns, order), received = new T[sent.Length];
        share.Communicator.Alltoallv<T>(sent, [.. gives.Select(count => count * columns.Length)], received, [.. takes.Select(count => count * columns.Length)]);
        (this.columns, taken) = (columns, sent);                // what was sent has gone: there is room for what came
        Array.Sort(sources, rows);                              // as they lay, of every rank
        next = Begins(takes);
        for (int i = 0; i < held; i++)
            received.AsSpan(next[share.RankOf(sources[i])]++ * columns.Length, columns.Length).CopyTo(taken.AsSpan(rows[i] * columns.Length));
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

    private static int[] Begins(int[] counts)
    {
        int[] begins = new int[counts.Length];
        for (int i = 1; i < counts.Length; i++)
            begins[i] = begins[i - 1] + counts[i - 1];
        return begins;
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
