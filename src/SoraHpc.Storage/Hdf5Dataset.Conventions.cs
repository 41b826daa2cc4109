using SoraHpc.Storage.Conventions;
using SoraHpc.Storage.Hdf5;

namespace SoraHpc.Storage;

public sealed unsafe partial class Hdf5Dataset
{
    private const string NotAVariable = "_nc4_non_coord_";   // NetCDF-4's prefix for a variable named as a dimension it does not describe
    private Packing? packing;
    private string[]? dimensions;

    /// <summary>CF packing of the variable: scale_factor, add_offset, _FillValue, missing_value.</summary>
    public Packing Packing => packing ??= Packing.Of(Attributes);

    /// <summary>Names of the dimensions, from the dimension scales attached to them; "" where there is none.</summary>
    public IReadOnlyList<string> Dimensions => dimensions ??= ReadDimensions();

    /// <summary>Whether this dataset is itself the scale of a dimension.</summary>
    public bool IsDimensionScale => Attributes.TryReadString("CLASS") == "DIMENSION_SCALE";

    /// <summary>Reads a box as values in the variable's units: converted to double, unpacked, NaN where there is no value.</summary>
    public void ReadUnpacked(Hyperslab slab, Span<double> into, TransferMode mode = TransferMode.Independent)
    {
        Packing packing = Packing;
        Read(slab, into, mode);
        packing.Unpack(into);
    }

    /// <summary>Absolute paths of the scales attached to each dimension; null where there is none.</summary>
    internal string?[] ReadScalePaths()
    {
        string?[] paths = new string?[Rank];
        if (!Attributes.Contains("DIMENSION_LIST"))
            return paths;
        using Hdf5Entry entered = file.Enter();
        Attributes.ReadReferenceLists("DIMENSION_LIST", paths);
        return paths;
    }

    private string[] ReadDimensions()
    {
        if (Rank == 1 && IsDimensionScale)
            return [Name];
        return [.. ReadScalePaths().Select(path => path is null ? "" : NameOfScale(path))];
    }

    private static string NameOfScale(string path)
    {
        string name = path[(path.LastIndexOf('/') + 1)..];
        return name.StartsWith(NotAVariable, StringComparison.Ordinal) ? name[NotAVariable.Length..] : name;
    }
}
