using System.Numerics;
using System.Runtime.InteropServices;
using SoraHpc.Decomposition;

namespace SoraHpc.Runtime.Resilience;

/// <summary>Looks at fields.</summary>
public static class FieldChecks
{
    /// <summary>Every own cell has to be in [<paramref name="least"/>, <paramref name="most"/>]; not-a-number is in none. Local.</summary>
    public static void Range(this IntegrityChecks checks, string check, Field<double> field, double least, double most)
    {
        foreach (Patch<double> patch in field.Patches)
            for (long plane = patch.Block.Begin.Plane; plane < patch.Block.End.Plane; plane++)
                for (long row = patch.Block.Begin.Row; row < patch.Block.End.Row; row++)
                    if (!IsInside(patch.Row(row, plane), least, most))
                        Name(checks, check, patch, plane, row, least, most);
    }

    // Traffic per cell: 8 B read; two comparisons.
    private static bool IsInside(ReadOnlySpan<double> row, double least, double most)
    {
        ReadOnlySpan<Vector<double>> vectors = MemoryMarshal.Cast<double, Vector<double>>(row);
        Vector<double> low = new(least), high = new(most);
        Vector<long> inside = Vector<long>.AllBitsSet;
        foreach (Vector<double> values in vectors)
            inside &= Vector.GreaterThanOrEqual(values, low) & Vector.LessThanOrEqual(values, high);
        bool isInside = Vector.EqualsAll(inside, Vector<long>.AllBitsSet);
        foreach (double value in row[(vectors.Length * Vector<double>.Count)..])
            isInside &= value >= least && value <= most;
        return isInside;
    }

    private static void Name(IntegrityChecks checks, string check, Patch<double> patch, long plane, long row, double least, double most)
    {
        ReadOnlySpan<double> values = patch.Row(row, plane);
        for (int i = 0; i < values.Length; i++)
            if (!(values[i] >= least && values[i] <= most))
                checks.OutOfRange(check, values[i], least, most, $"block {patch.Part}, cell ({plane}, {row}, {patch.Block.Begin.Column + i})");
    }
}
