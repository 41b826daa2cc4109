using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SoraHpc.Jobs.Weather;

/// <summary>The derivative matrix as vectors: sums in the order of the plain version, one line of an element at a time.</summary>
internal readonly struct LineDerivative
{
    private readonly Vector256<double> column0, column1, column2, column3;

    public LineDerivative(ReadOnlySpan<double> matrix)
    {
        column0 = Vector256.Create(matrix[0], matrix[4], matrix[8], matrix[12]);
        column1 = Vector256.Create(matrix[1], matrix[5], matrix[9], matrix[13]);
        column2 = Vector256.Create(matrix[2], matrix[6], matrix[10], matrix[14]);
        column3 = Vector256.Create(matrix[3], matrix[7], matrix[11], matrix[15]);
    }

    /// <summary>∂/∂ξ at the four nodes of a line.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<double> AlongXi(Vector256<double> line) =>
        column0 * Vector256.Shuffle(line, Vector256.Create(0L)) + column1 * Vector256.Shuffle(line, Vector256.Create(1L))
        + column2 * Vector256.Shuffle(line, Vector256.Create(2L)) + column3 * Vector256.Shuffle(line, Vector256.Create(3L));

    /// <summary>∂/∂η at the nodes of a line, from the element's four lines; <paramref name="row"/> is the line's row of the matrix.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Vector256<double> AlongEta(double* row, double* lines) =>
        Vector256.Create(row[0]) * Vector256.Load(lines) + Vector256.Create(row[1]) * Vector256.Load(lines + Layout.Line)
        + Vector256.Create(row[2]) * Vector256.Load(lines + 2 * Layout.Line) + Vector256.Create(row[3]) * Vector256.Load(lines + 3 * Layout.Line);
}
