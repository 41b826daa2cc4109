using SoraHpc.Communication;

namespace SoraHpc.Jobs.Npb.Cg;

/// <summary>
/// This rank's rows of A = Σ ωⁱ·x_i·x_iᵀ + (0.1 − λ)·I, row after row with ascending columns. Rows are filled up with zeros to whole
/// vectors, so that a product has no remainders.
/// </summary>
internal sealed unsafe class CgMatrix : IDisposable
{
    /// <summary>Every row has a multiple of so many elements.</summary>
    internal const int Unit = 8;

    private readonly int[] starts;
    private readonly AlignedBuffer<double> values;
    private readonly AlignedBuffer<int> columns;

    /// <param name="begin">The first row of this rank …</param>
    /// <param name="end">… and the one after its last.</param>
    internal CgMatrix(CgProblem problem, int begin, int end)
    {
        CgVectors vectors = new(problem);
        CgRow row = new(problem, vectors);
        starts = new int[end - begin + 1];
        for (int i = begin; i < end; i++)
            starts[i - begin + 1] = checked(starts[i - begin] + Filled(row.CountColumns(i)));
        (values, columns) = (new(starts[^1]), new(starts[^1]));
        for (int i = begin; i < end; i++)
        {
            Range range = starts[i - begin]..starts[i - begin + 1];
            row.Write(i, columns.GetSpan()[range], values.GetSpan()[range]);
        }
    }

    /// <summary>Rows here.</summary>
    internal int Rows => starts.Length - 1;

    /// <summary>Elements here, zeros that fill up rows included.</summary>
    internal int Elements => starts[^1];

    internal ReadOnlySpan<int> Starts => starts;

    internal double* Values => values.Address;

    internal int* Columns => columns.Address;

    private static int Filled(int elements) => (elements + Unit - 1) / Unit * Unit;

    public void Dispose()
    {
        ((IDisposable)values).Dispose();
        ((IDisposable)columns).Dispose();
    }
}
