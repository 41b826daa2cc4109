using SoraHpc.Communication;
using SoraHpc.Decomposition;
using SoraHpc.Diagnostics;
using SoraHpc.Storage;

namespace SoraHpc.Runtime;

/// <summary>
/// Datasets of one HDF5 file whose last dimensions are the grid: every rank reads its own blocks, in parallel, straight into fields.
/// Packed variables are unpacked.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="datasets">Names of one dataset or more, all of the same shape: one to three dimensions (columns; rows, columns; planes, rows, columns).</param>
/// <exception cref="UsageException">No dataset is named.</exception>
public sealed class Hdf5Source(string path, params string[] datasets) : IDataSource
{
    private readonly string[] datasets = datasets.Length > 0 ? datasets : throw new UsageException($"{path}: name the dataset to load, or several of the same shape");
    private readonly Dictionary<string, Field<double>> fields = [];

    /// <summary>What lies beyond the edge. Default: walls.</summary>
    public IBoundary Boundary { get; init; } = PeriodicBoundary.Walls;

    /// <summary>Cells of halo around the fields, ≥ 0. Default: 1.</summary>
    public int HaloWidth { get; init; } = 1;

    /// <summary>A loaded dataset, in the variable's units.</summary>
    /// <exception cref="KeyNotFoundException">It was not among those named, or nothing is loaded yet.</exception>
    public Field<double> this[string dataset] => fields[dataset];

    /// <inheritdoc/>
    /// <exception cref="SoraException">No such file or dataset, more than three dimensions, or datasets of different shapes.</exception>
    public Grid Open(Communicator world)
    {
        using Hdf5File file = Hdf5File.Open(path, world);
        long[] shape = file.Dataset(datasets[0]).Shape;
        if (shape.Length is < 1 or > 3)
            throw new SoraException($"{path}, dataset {datasets[0]}: a grid has 1 to 3 dimensions, this has {shape.Length}");
        foreach (string name in datasets)
            if (!file.Dataset(name).Shape.SequenceEqual(shape))
                throw new SoraException($"{path}: datasets {datasets[0]} and {name} have different shapes, {Text(shape)} and {Text(file.Dataset(name).Shape)}");
        return new Grid(new Extent(shape.Length > 2 ? shape[^3] : 1, shape.Length > 1 ? shape[^2] : 1, shape[^1]), Boundary);
    }

    /// <inheritdoc/>
    /// <exception cref="SoraException">A number is missing or not finite, with its place; or reading fails.</exception>
    public unsafe void Load(Particle particle)
    {
        using Hdf5File file = Hdf5File.Open(path, particle.Communicator);
        foreach (string name in datasets)
        {
            Field<double> field = fields[name] = particle.AddField<double>(name, HaloWidth);
            using Hdf5Dataset dataset = file.Dataset(name);
            foreach (Patch<double> patch in field.Patches)
            {
                PartitionedReader.ReadUnpacked(dataset, patch.Block, patch.Origin, patch.RowStride, patch.PlaneStride);
                CheckNumbers(name, patch);
            }
        }
    }

    /// <summary>Refuses a grid that is no plane: along a dimension of one cell there is no halo, which kernels that look to all four sides would read. Local.</summary>
    /// <exception cref="SoraException">It has several planes, one row or one column.</exception>
    public void RequirePlane(Grid grid)
    {
        if (grid.Extent is { Planes: > 1 } or { Rows: 1 } or { Columns: 1 })
            throw new SoraException($"{path}, dataset {datasets[0]}: {grid.Extent} cells, and the job needs two dimensions (rows, columns) of at least 2 cells each");
    }

    private void CheckNumbers(string name, Patch<double> patch)
    {
        for (long plane = patch.Block.Begin.Plane; plane < patch.Block.End.Plane; plane++)
            for (long row = patch.Block.Begin.Row; row < patch.Block.End.Row; row++)
                if (patch.Row(row, plane).IndexOfAnyExceptInRange(double.MinValue, double.MaxValue) is >= 0 and int column)
                    throw new SoraException($"{path}, dataset {name}: {patch.Row(row, plane)[column]} at {new Cell(plane, row, patch.Block.Begin.Column + column)} (plane, row, column) "
                        + "is no number to start from: fill or mask the data first");
    }

    private static string Text(long[] shape) => $"({string.Join(", ", shape)})";
}
