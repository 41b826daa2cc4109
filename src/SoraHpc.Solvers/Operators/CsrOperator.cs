using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using SoraHpc.Communication;
using SoraHpc.Solvers.Vectors;

namespace SoraHpc.Solvers.Operators;

/// <summary>
/// A sparse matrix in compressed rows, cut as its vectors are. While the elements that other ranks hold travel, the rows that need
/// none of them are computed. A row is summed in the order of its global columns whoever holds them, so its bits do not depend on the cut.
/// </summary>
public sealed unsafe class CsrOperator : ILinearOperator, IDisposable
{
    private const int EntriesAhead = 768;

    private readonly AlignedBuffer<int> starts, columns;
    private readonly AlignedBuffer<double> values;
    private readonly RemoteElements remote;
    private readonly (int First, int Last)[] inner, outer;

    /// <summary>A matrix from each rank's own entries. Collective.</summary>
    /// <param name="entries">Entries of this rank's rows in any order; those of the same place are added.</param>
    /// <exception cref="Diagnostics.UsageException">A row is another rank's, a column is outside the matrix.</exception>
    public CsrOperator(VectorLayout layout, ReadOnlySpan<Triplet> entries)
    {
        Layout = layout;
        CsrRows rows = CsrRows.From(layout, entries);
        remote = new(layout, rows.Columns);
        (starts, columns, values) = (new(rows.Starts.Length), new(rows.Columns.Length), new(rows.Values.Length));
        rows.Starts.CopyTo(starts.GetSpan());
        rows.Values.CopyTo(values.GetSpan());
        for (int i = 0; i < rows.Columns.Length; i++)
            columns.Address[i] = remote.LocalIndexOf(rows.Columns[i]);
        ILookup<bool, (int, int)> runs = Runs().ToLookup(run => run.IsInner, run => (run.First, run.Last));
        (inner, outer) = ([.. runs[true]], [.. runs[false]]);
    }

    /// <inheritdoc/>
    public VectorLayout Layout { get; }

    /// <summary>Entries of this rank.</summary>
    public int Entries => values.Length;

    /// <summary>This rank's rows: where they start, their columns (below the number of local rows: this rank's own) and values.</summary>
    internal (int[] Starts, int[] Columns, double[] Values) LocalRows => (starts.GetSpan().ToArray(), columns.GetSpan().ToArray(), values.GetSpan().ToArray());

    /// <inheritdoc/>
    public void Apply(DistributedVector x, DistributedVector y)
    {
        x.Fitting(Layout);
        y.Fitting(Layout);
        if (ReferenceEquals(x, y))
            throw new ArgumentException("an operator's result needs a vector of its own", nameof(y));
        remote.Start(x);
        foreach ((int first, int last) in inner)
            Multiply(starts.Address, columns.Address, values.Address, x.Address, y.Address, first, last);
        remote.Finish();
        foreach ((int first, int last) in outer)
            MultiplyWithRemote(x.Address, y.Address, first, last);
    }

    /// <inheritdoc/>
    public void Diagonal(DistributedVector diagonal)
    {
        Span<double> local = diagonal.Fitting(Layout).Local;
        local.Clear();
        for (int row = 0; row < local.Length; row++)
            for (int i = starts.Address[row]; i < starts.Address[row + 1]; i++)
                if (columns.Address[i] == row)
                    local[row] = values.Address[i];
    }

    // Traffic per row: 12 B an entry, 4 B of starts, 8 B of y, and x once where the caches hold what neighbouring rows share. Values and
    // columns are used once: asked for early, a line at a time, and kept out of the way of x.
    // A row of seven entries is ten cycles of latency but rows overlap: loads and memory limit, not the chain of additions.
    private static void Multiply(int* starts, int* columns, double* values, double* x, double* y, int first, int last)
    {
        double* v = values + starts[first];
        int* c = columns + starts[first];
        for (nint row = first; row < last; row++)
        {
            double* end = values + starts[row + 1];
            double even = 0, odd = 0;
            for (; v <= end - 8; v += 8, c += 8)
            {
                Ask(v, c);
                even = Math.FusedMultiplyAdd(v[0], x[c[0]], even);
                odd = Math.FusedMultiplyAdd(v[1], x[c[1]], odd);
                even = Math.FusedMultiplyAdd(v[2], x[c[2]], even);
                odd = Math.FusedMultiplyAdd(v[3], x[c[3]], odd);
                even = Math.FusedMultiplyAdd(v[4], x[c[4]], even);
                odd = Math.FusedMultiplyAdd(v[5], x[c[5]], odd);
                even = Math.FusedMultiplyAdd(v[6], x[c[6]], even);
                odd = Math.FusedMultiplyAdd(v[7], x[c[7]], odd);
            }
            Ask(v, c);
            for (; v <= end - 2; v += 2, c += 2)
            {
                even = Math.FusedMultiplyAdd(v[0], x[c[0]], even);
                odd = Math.FusedMultiplyAdd(v[1], x[c[1]], odd);
            }
            if (v < end)
                even = Math.FusedMultiplyAdd(*v++, x[*c++], even);
            y[row] = even + odd;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Ask(double* values, int* columns)
    {
        if (!Sse.IsSupported)
            return;
        Sse.PrefetchNonTemporal(values + EntriesAhead);
        Sse.PrefetchNonTemporal(columns + EntriesAhead);
    }

    // The same sums in the same order; an element is taken from where it is.
    private void MultiplyWithRemote(double* x, double* y, int first, int last)
    {
        double* far = remote.Address - Layout.LocalLength;
        for (int row = first; row < last; row++)
        {
            double even = 0, odd = 0;
            for (int i = starts.Address[row], at = 0; i < starts.Address[row + 1]; i++, at++)
            {
                int column = columns.Address[i];
                double element = column < Layout.LocalLength ? x[column] : far[column];
                if (at % 2 == 0)
                    even = Math.FusedMultiplyAdd(values.Address[i], element, even);
                else
                    odd = Math.FusedMultiplyAdd(values.Address[i], element, odd);
            }
            y[row] = even + odd;
        }
    }

    private IEnumerable<(bool IsInner, int First, int Last)> Runs()
    {
        int first = 0;
        for (int row = 0; row < Layout.LocalLength; row++)
            if (row + 1 == Layout.LocalLength || IsInner(row) != IsInner(row + 1))
            {
                yield return (IsInner(row), first, row + 1);
                first = row + 1;
            }
    }

    private bool IsInner(int row)
    {
        for (int i = starts.Address[row]; i < starts.Address[row + 1]; i++)
            if (columns.Address[i] >= Layout.LocalLength)
                return false;
        return true;
    }

    /// <summary>Frees matrix and messages. Local.</summary>
    public void Dispose()
    {
        remote.Dispose();
        foreach (IDisposable buffer in (IDisposable[])[starts, columns, values])
            buffer.Dispose();
    }
}
