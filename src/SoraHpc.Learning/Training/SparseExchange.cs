using System.Numerics;
using SoraHpc.Communication;
using SoraHpc.Learning.Blocks;

namespace SoraHpc.Learning.Training;

/// <summary>The sum of one parameter's sparse gradients over the strata of all ranks: indices and values of the rows that were touched travel, nothing else.
/// Strata are added in ascending order, so the bits are the same on any number of ranks.</summary>
internal sealed class SparseExchange<T>(Communicator communicator, Parameter<T> parameter, int[] ownerOf) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int[] counts = new int[ownerOf.Length], rowsOf = new int[communicator.Size], numbersOf = new int[communicator.Size], places = new int[communicator.Size];
    private readonly int columns = parameter.Rows!.Columns;
    private int[] rows = [], allRows = [];
    private T[] values = [], allValues = [];
    private int held;

    /// <summary>The sum, after <see cref="Finish"/>.</summary>
    internal SparseGradient<T> Total { get; } = new(parameter.Tensor.Shape[0], parameter.Rows!.Columns);

    /// <summary>Before a batch.</summary>
    internal void Begin()
    {
        Array.Clear(counts);
        held = 0;
    }

    /// <summary>Takes a stratum's gradient; strata come in ascending order.</summary>
    internal void Add(int stratum)
    {
        SparseGradient<T> gradient = parameter.Rows!;
        Fit(ref rows, held + gradient.Count);
        Fit(ref values, (held + gradient.Count) * columns);
        gradient.Touched.CopyTo(rows.AsSpan(held));
        gradient.Sums.CopyTo(values.AsSpan(held * columns));
        counts[stratum] = gradient.Count;
        held += gradient.Count;
    }

    /// <summary>Sums over all ranks. Collective.</summary>
    internal void Finish(T factor)
    {
        Gather();
        Array.Clear(places);
        for (int rank = 1; rank < places.Length; rank++)
            places[rank] = places[rank - 1] + rowsOf[rank - 1];
        Total.Clear();
        for (int stratum = 0; stratum < counts.Length; stratum++)
            for (int i = 0; i < counts[stratum]; i++)
            {
                int place = places[ownerOf[stratum]]++;
                Total.Add(allRows[place], allValues.AsSpan(place * columns, columns));
            }
        Elementwise.Scale(Total.Sums, factor);
    }

    private void Gather()
    {
        communicator.Allreduce<int>(counts, ReduceOperation.Sum);       // each is one rank's own
        Array.Clear(rowsOf);
        for (int stratum = 0; stratum < counts.Length; stratum++)
            rowsOf[ownerOf[stratum]] += counts[stratum];
        int all = 0;
        for (int rank = 0; rank < rowsOf.Length; rank++)
        {
            all += rowsOf[rank];
            numbersOf[rank] = checked(rowsOf[rank] * columns);
        }
        Fit(ref allRows, all);
        Fit(ref allValues, all * columns);
        communicator.Allgatherv(rows.AsSpan(0, held), allRows.AsSpan(0, all), rowsOf);
        communicator.Allgatherv(values.AsSpan(0, held * columns), allValues.AsSpan(0, all * columns), numbersOf);
    }

    private static void Fit<TItem>(ref TItem[] items, int length)
    {
        if (items.Length < length)
            Array.Resize(ref items, Math.Max(length, 2 * items.Length));
    }
}
