using System.Numerics;
using System.Runtime.InteropServices;
using SoraHpc.Decomposition;

namespace SoraHpc.Runtime.Resilience;

/// <summary>Looks at fields.</summary>
public static class FieldChecks
{
    /// <summary>Every own cell has to be in [<paramref name="least"/>, <paramref name="most"/>]; not-a-number is in none. Local.</summary>
    /// <returns>Σ v² over this rank's cells, since the two together cost what reading the field costs.</returns>
    public static double Range(this IntegrityChecks checks, string check, Field<double> field, double least, double most)
    {
        double squares = 0;
        foreach (Patch<double> patch in field.Patches)
            for (long plane = patch.Block.Begin.Plane; plane < patch.Block.End.Plane; plane++)
                for (long row = patch.Block.Begin.Row; row < patch.Block.End.Row; row++)
                {
                    (bool isInside, double sum) = Look(patch.Row(row, plane), least, most);
                    squares += sum;
                    if (!isInside)
                        Name(checks, check, patch, plane, row, least, most);
                }
        return squares;
    }

    // Traffic per cell: 8 B read; two comparisons, one multiplication, one addition.
    private static (bool IsInside, double Squares) Look(ReadOnlySpan<double> row, double least, double most)
    {
        ReadOnlySpan<Vector<double>> vectors = MemoryMarshal.Cast<double, Vector<double>>(row);
        Vector<double> low = new(least), high = new(most), sum = Vector<double>.Zero;
        Vector<long> inside = Vector<long>.AllBitsSet;
        foreach (Vector<double> values in vectors)
        {
            inside &= Vector.GreaterThanOrEqual(values, low) & Vector.LessThanOrEqual(values, high);
            sum += values * values;
        }
        (bool isInside, double squares) = (Vector.EqualsAll(inside, Vector<long>.AllBitsSet), Vector.Sum(sum));
        foreach (double value in row[(vectors.Length * Vector<double>.Count)..])
        {
            isInside &= value >= least && value <= most;
            squares += value * value;
        }
        return (isInside, squares);
    }

    private static void Name(IntegrityChecks checks, string check, Patch<double> patch, long plane, long row, double least, double most)
    {
        ReadOnlySpan<double> values = patch.Row(row, plane);
        for (int i = 0; i < values.Length; i++)
            if (!(values[i] >= least && values[i] <= most))
                checks.OutOfRange(check, values[i], least, most, $"block {patch.Part}, cell ({plane}, {row}, {patch.Block.Begin.Column + i})");
    }
}
