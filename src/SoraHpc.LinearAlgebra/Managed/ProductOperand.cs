namespace SoraHpc.LinearAlgebra.Managed;

/// <summary>A factor of a matrix product, stored by columns, taken as it is or transposed.</summary>
/// <param name="Values">First entry.</param>
/// <param name="Leading">Entries from one stored column to the next.</param>
/// <param name="Transposed">Whether rows and columns change places.</param>
internal readonly unsafe record struct ProductOperand(nint Values, int Leading, bool Transposed)
{
    private double* Entries => (double*)Values;

    /// <summary>Strips of <paramref name="width"/> rows, each stored column by column, the last filled up with zeros.</summary>
    internal void PackColumns(double* packed, int row, int rows, int column, int columns, int width) =>
        Pack(packed, row, rows, column, columns, width, along: Transposed ? Leading : 1, across: Transposed ? 1 : Leading);

    /// <summary>Strips of <paramref name="width"/> columns, each stored row by row, the last filled up with zeros.</summary>
    internal void PackRows(double* packed, int row, int rows, int column, int columns, int width) =>
        Pack(packed, column, columns, row, rows, width, along: Transposed ? 1 : Leading, across: Transposed ? Leading : 1);

    private void Pack(double* packed, int begin, int count, int deep, int depth, int width, long along, long across)
    {
        for (int strip = 0; strip < count; strip += width)
        {
            int there = Math.Min(width, count - strip);
            double* source = Entries + (begin + strip) * along + deep * across;
            for (int k = 0; k < depth; k++, packed += width, source += across)
            {
                if (along == 1)
                    new Span<double>(source, there).CopyTo(new(packed, there));
                else
                    for (int i = 0; i < there; i++)
                        packed[i] = source[i * along];
                new Span<double>(packed + there, width - there).Clear();
            }
        }
    }
}
