using SoraHpc.Communication;
using SoraHpc.Decomposition;

namespace SoraHpc.Storage.Checkpoints;

/// <summary>One array of a checkpoint: what its elements are and where they lie in the file.</summary>
/// <param name="Name">Its name, also in HDF5.</param>
/// <param name="Kind">What an element is in memory; a struct is opaque.</param>
/// <param name="ElementBytes">Of one element, ≥ 1.</param>
/// <param name="Shape">Elements along every dimension, slowest first.</param>
/// <param name="Offset">Of the first element in the file [B]; 0 while it is not known, or where there are no elements.</param>
internal sealed record CheckpointArray(string Name, ElementKind Kind, int ElementBytes, long[] Shape, long Offset = 0)
{
    /// <summary>What is checked, and encrypted, in one piece [B]: long enough for a disk and for a small table, short enough to share evenly.</summary>
    internal const int SectionBytes = 1 << 20;

    internal long Elements => Shape.Aggregate(1L, (product, length) => product * length);

    internal long Bytes => Elements * ElementBytes;

    /// <summary>No element is cut in two.</summary>
    internal long ElementsPerSection => Math.Max(1, SectionBytes / ElementBytes);

    internal long Sections => (Elements + ElementsPerSection - 1) / ElementsPerSection;

    /// <summary>A grid's, without the dimensions it does not use.</summary>
    internal static long[] ShapeOf(Extent extent) =>
        extent.Planes > 1 ? [extent.Planes, extent.Rows, extent.Columns] : extent.Rows > 1 ? [extent.Rows, extent.Columns] : [extent.Columns];

    /// <inheritdoc/>
    public override string ToString() => $"{Name} ({string.Join(", ", Shape)}) of {(Kind == ElementKind.Opaque ? "structs" : Kind)} of {ElementBytes} B";
}
