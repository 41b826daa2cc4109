namespace SoraHpc.Storage;

/// <summary>Whether the ranks of a parallel file move their data together.</summary>
public enum TransferMode
{
    /// <summary>Each rank by itself, whenever it likes. The faster choice for reading compressed data.</summary>
    Independent,
    /// <summary>All ranks call, those without data with an empty slab; MPI-IO joins their pieces. Required to write compressed data.</summary>
    Collective,
}
