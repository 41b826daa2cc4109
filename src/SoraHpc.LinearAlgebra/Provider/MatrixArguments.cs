using System.Diagnostics.CodeAnalysis;

namespace SoraHpc.LinearAlgebra.Provider;

/// <summary>Arguments are checked before a native library sees them, because it would write past an array that is too short.</summary>
internal static class MatrixArguments
{
    /// <exception cref="ArgumentException">The array does not hold rows × columns entries.</exception>
    internal static void Check<T>([NotNull] T[]? values, int rows, int columns, string name)
    {
        ArgumentNullException.ThrowIfNull(values, name);
        if (rows < 0 || columns < 0 || values.Length != (long)rows * columns)
            throw new ArgumentException($"{values.Length} entries are not a matrix of {rows} × {columns}", name);
    }

    /// <exception cref="ArgumentException">The array does not hold so many entries.</exception>
    internal static void Check<T>([NotNull] T[]? values, int length, string name) => Check(values, length, 1, name);
}
