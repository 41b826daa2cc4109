using SoraHpc.Solvers.RandomNumbers;

namespace SoraHpc.Learning.Explanations;

/// <summary>A random permutation of rows that is found row by row, in both directions, without a table: every rank knows where each of its rows goes and
/// comes from. Pure arithmetic; allocates nothing.</summary>
/// <param name="rows">How many, ≥ 1.</param>
/// <param name="seed">Key of <see cref="Philox"/>.</param>
/// <param name="stream">Which permutation of the seed.</param>
/// <remarks>
/// A network of eight rounds on a rectangle of ⌈√rows⌉ × as many as it takes, walked until a row is hit, at most 1 + 1/√rows times on average. Each row's image is
/// uniform after two rounds, the others make images of several rows independent. Source: Black and Rogaway, Ciphers with Arbitrary Finite Domains (2002), section 4.
/// </remarks>
public readonly struct RowPermutation(long rows, ulong seed, ulong stream)
{
    private const int Rounds = 8;

    private readonly RandomSequence random = new(seed, stream);
    private readonly ulong height = Height(rows), width = ((ulong)rows + Height(rows) - 1) / Height(rows);

    /// <summary>Rows.</summary>
    public long Rows { get; } = rows;

    /// <summary>Where a row goes, in [0, <see cref="Rows"/>).</summary>
    public long At(long row)
    {
        ulong at = (ulong)row;
        do
        {
            (ulong line, ulong place) = Math.DivRem(at, width);
            for (int round = 0; round < Rounds; round += 2)
            {
                line = (line + Draw(round, place, height)) % height;
                place = (place + Draw(round + 1, line, width)) % width;
            }
            at = line * width + place;
        }
        while (at >= (ulong)Rows);
        return (long)at;
    }

    /// <summary>The row that goes to a place: <see cref="At"/> backwards.</summary>
    public long From(long place)
    {
        ulong at = (ulong)place;
        do
        {
            (ulong line, ulong column) = Math.DivRem(at, width);
            for (int round = Rounds - 2; round >= 0; round -= 2)
            {
                column = (column + width - Draw(round + 1, line, width)) % width;
                line = (line + height - Draw(round, column, height)) % height;
            }
            at = line * width + column;
        }
        while (at >= (ulong)Rows);
        return (long)at;
    }

    private ulong Draw(int round, ulong value, ulong below) => Math.BigMul(random.BitsAt((long)value * Rounds + round), below, out _);

    private static ulong Height(long rows) => (ulong)Math.Ceiling(Math.Sqrt(rows >= 1 ? rows : throw new ArgumentOutOfRangeException(nameof(rows), rows, "a permutation needs one row or more")));
}
