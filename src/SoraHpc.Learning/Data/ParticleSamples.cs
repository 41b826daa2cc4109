using System.Numerics;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.Learning.Blocks;
using SoraHpc.Learning.Training;

namespace SoraHpc.Learning.Data;

/// <summary>Particles as samples to train with. Rows that are left are numbered anew, and every row goes to the rank whose strata it falls into, so that
/// training has the same bits for any partition of the table.</summary>
public static class ParticleSamples
{
    /// <summary>Deals the rows. Collective: one exchange, in which only rows move whose rank changes.</summary>
    /// <param name="ranks">All that have particles, in ascending order of rows over ranks.</param>
    /// <param name="particles">This rank's; labels are the targets. Weights are not taken.</param>
    /// <param name="strata">As many as the training has.</param>
    /// <param name="shape">Of a sample, where it is more than a row of features.</param>
    /// <exception cref="SoraException">There are no labels, or fewer rows than strata, or the shape has another number of elements.</exception>
    public static SampleTable<T> Deal<T>(Communicator ranks, IEnumerable<DataParticle> particles, int strata = 12, Shape? shape = null) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TableCheck.SameColumns(ranks, particles);
        DataParticle own = DataParticle.Merge([.. particles]);
        int columns = own.Columns.Count, width = columns + 1;
        if (shape is not null && shape.Elements != columns)
            throw new UsageException($"rows of {columns} features are no samples of {shape}");
        if (ranks.Allreduce(own.Count > 0 && own.Labels.IsEmpty ? 1 : 0, ReduceOperation.Max) != 0)
            throw new SoraException("the rows have no labels, so there is nothing to learn");
        T[] numbers = new T[checked(own.Count * width)];
        double[] row = new double[columns];
        for (int i = 0; i < own.Count; i++)
        {
            own.Features.CopyRow(i, row);
            for (int column = 0; column < columns; column++)
                numbers[i * width + column] = T.CreateTruncating(row[column]);
            numbers[i * width + columns] = T.CreateTruncating(own.Labels[i]);
        }
        return Exchange(ranks, numbers, own.Count, width, strata, shape ?? new Shape(columns));
    }

    private static SampleTable<T> Exchange<T>(Communicator ranks, T[] numbers, int count, int width, int strata, Shape shape) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        long[] before = [0, .. ranks.Allgather((long)count)];           // rows of lower ranks
        for (int i = 1; i < before.Length; i++)
            before[i] += before[i - 1];
        Strata cut = new(before[^1], strata, 1);
        int[] owners = Trainer<T>.EvenOwners(strata, ranks.Size);
        long[] after = [.. Enumerable.Range(0, ranks.Size + 1).Select(rank => cut.Begin(owners.Count(owner => owner < rank)))];
        int Common(long[] a, int i, long[] b, int j) => checked((int)Math.Max(0, Math.Min(a[i + 1], b[j + 1]) - Math.Max(a[i], b[j])) * width);
        int[] send = [.. Enumerable.Range(0, ranks.Size).Select(rank => Common(before, ranks.Rank, after, rank))];
        int[] receive = [.. Enumerable.Range(0, ranks.Size).Select(rank => Common(before, rank, after, ranks.Rank))];
        T[] dealt = new T[receive.Sum()];
        ranks.Alltoallv<T>(numbers, send, dealt, receive);
        int held = dealt.Length / width;
        T[] inputs = new T[held * (width - 1)], targets = new T[held];
        for (int i = 0; i < held; i++)
        {
            dealt.AsSpan(i * width, width - 1).CopyTo(inputs.AsSpan(i * (width - 1)));
            targets[i] = dealt[i * width + width - 1];
        }
        return new(shape, inputs, targets, after[ranks.Rank], before[^1]);
    }
}
