using System.Collections;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.Learning.Training;
using SoraHpc.Storage;

namespace SoraHpc.Learning.Data;

/// <summary>A table in an HDF5 file, as one rank sees it: the particles of its own strata, read when they are gone through. A share within the memory
/// limit is read once and kept; a larger one is read in pieces within the limit, anew each time. What is computed from it has the same bits either way.</summary>
/// <remarks>The layout of the file is in datasets/README.md.</remarks>
public sealed class DataTable : IEnumerable<DataParticle>, IDisposable
{
    private readonly Hdf5File file;
    private readonly TableColumns columns;
    private readonly long begin, end, memoryLimit;
    private DataParticle[]? kept;

    private DataTable(Hdf5File file, TableColumns columns, Strata strata, (long Begin, long End) share, long memoryLimit)
    {
        (this.file, this.columns, Strata, this.memoryLimit) = (file, columns, strata, memoryLimit);
        (begin, end) = share;
    }

    /// <summary>Opens a table; reads none of its rows. Collective.</summary>
    /// <param name="ranks">Those that share it: every rank gets consecutive strata.</param>
    /// <param name="path">The file.</param>
    /// <param name="memoryLimit">Bytes that a rank's particles may take, ≥ 1; one row is always read whole.</param>
    /// <param name="strata">Strata the rows are dealt into, as many as the training that comes after has.</param>
    /// <exception cref="SoraException">The file is no table; the line says which dataset is missing or does not fit.</exception>
    public static DataTable Open(Communicator ranks, string path, long memoryLimit = long.MaxValue, int strata = 12)
    {
        if (memoryLimit < 1)
            throw new UsageException($"a memory limit of {memoryLimit} B: give 1 or more");
        Hdf5File file = Hdf5File.Open(path, ranks);
        try
        {
            TableColumns columns = TableColumns.Of(file);
            if (columns.Rows == 0)
                throw new SoraException($"{path}: the table has no rows");
            Strata cut = new(columns.Rows, (int)Math.Min(strata, columns.Rows), 1);
            int[] owners = Trainer<double>.EvenOwners(cut.Count, ranks.Size);
            int first = Array.FindIndex(owners, owner => owner >= ranks.Rank), after = Array.FindIndex(owners, owner => owner > ranks.Rank);
            return new(file, columns, cut, (cut.Begin(first < 0 ? cut.Count : first), cut.Begin(after < 0 ? cut.Count : after)), memoryLimit);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The features' names.</summary>
    public IReadOnlyList<string> Columns => columns.Names;

    /// <summary>Rows of the whole table.</summary>
    public long Rows => columns.Rows;

    /// <summary>How rows are dealt: consecutive strata.</summary>
    public Strata Strata { get; }

    /// <summary>Whether this rank's share is larger than the memory limit, and so is read anew each time.</summary>
    public bool IsOutOfCore => columns.Bytes(begin, end) > memoryLimit;

    /// <summary>This rank's rows in order; at least one particle, which is empty where the rank has no row. Local.</summary>
    public IEnumerator<DataParticle> GetEnumerator() =>
        IsOutOfCore ? Pieces(begin, end).GetEnumerator() : ((IEnumerable<DataParticle>)(kept ??= [columns.Read(begin, end)])).GetEnumerator();

    /// <summary>Any rows [begin, end) of the table in pieces within the memory limit, each read when it is asked for; of none, one empty particle. Local.</summary>
    /// <exception cref="UsageException">The table has no such rows.</exception>
    public IEnumerable<DataParticle> Read(long begin, long end)
    {
        if (begin < 0 || begin > end || end > Rows)
            throw new UsageException($"rows [{begin}, {end}) of a table of {Rows}");
        return begin == end ? [columns.Read(begin, end)] : Pieces(begin, end);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Closes the file. Collective.</summary>
    public void Dispose() => file.Dispose();

    private IEnumerable<DataParticle> Pieces(long begin, long end)
    {
        for (long at = begin; at < end;)
        {
            long next = columns.EndWithin(at, end, memoryLimit);
            yield return columns.Read(at, next);
            at = next;
        }
    }
}
