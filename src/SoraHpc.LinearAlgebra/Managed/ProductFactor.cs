namespace SoraHpc.LinearAlgebra.Managed;

/// <summary>A factor of a matrix product from one of its entries on, as it is or transposed.</summary>
/// <param name="entries">The first entry.</param>
/// <param name="along">Entries from one row to the next.</param>
/// <param name="across">Entries from one column to the next.</param>
internal readonly unsafe struct ProductFactor<T>(T* entries, nint along, nint across) where T : unmanaged
{
    internal T* Entries => entries;

    /// <summary>Entries from one row to the next.</summary>
    internal nint Along => along;

    /// <summary>Entries from one column to the next.</summary>
    internal nint Across => across;

    internal ProductFactor<T> From(int row, int column) => new(entries + row * along + column * across, along, across);

    /// <summary>So many rows and columns, copied row by row and each filled up with zeros to the width.</summary>
    internal ProductFactor<T> Pack(T* packed, int rows, int columns, int width)
    {
        T* to = packed;
        for (int row = 0; row < rows; row++, to += width)
        {
            T* from = entries + row * along;
            if (across == 1)
                new Span<T>(from, columns).CopyTo(new(to, columns));
            else
                for (int column = 0; column < columns; column++)
                    to[column] = from[column * across];
            new Span<T>(to + columns, width - columns).Clear();
        }
        return new(packed, width, 1);
    }
}
