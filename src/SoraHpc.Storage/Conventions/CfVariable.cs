namespace SoraHpc.Storage.Conventions;

/// <summary>A variable of a CF file: its units, its dimensions and where on Earth and in time they are. Everything is local.</summary>
/// <remarks>Kinds of axes are told by units, standard_name and axis as CF section 4 says, and where a file has none of them by the usual names.</remarks>
public sealed class CfVariable
{
    private CfVariable(Hdf5Dataset dataset, IReadOnlyList<CfAxis> axes) => (Dataset, Axes) = (dataset, axes);

    /// <summary>The numbers; <see cref="Hdf5Dataset.ReadUnpacked"/> and <see cref="PartitionedReader.ReadUnpacked"/> give values in <see cref="Units"/>.</summary>
    public Hdf5Dataset Dataset { get; }

    /// <summary>One for every dimension, slowest first.</summary>
    public IReadOnlyList<CfAxis> Axes { get; }

    /// <summary>The units attribute; null when the file says none.</summary>
    public string? Units => Dataset.Attributes.TryReadString("units");

    /// <summary>The standard_name attribute.</summary>
    public string? StandardName => Dataset.Attributes.TryReadString("standard_name");

    /// <summary>The long_name attribute.</summary>
    public string? LongName => Dataset.Attributes.TryReadString("long_name");

    /// <summary>Opens a variable. Local.</summary>
    /// <exception cref="Hdf5Exception">There is none of this name; the message lists the datasets that are there.</exception>
    public static CfVariable Open(Hdf5Group group, string name)
    {
        Hdf5Dataset dataset = group.Dataset(name);
        string?[] scales = dataset.Rank == 1 && dataset.IsDimensionScale ? [dataset.Path] : dataset.ReadScalePaths();
        long[] shape = dataset.Shape;
        return new CfVariable(dataset, [.. dataset.Dimensions.Select((dimension, i) => CfAxis.Of(group, dimension, shape[i], scales[i]))]);
    }

    /// <summary>Which dimension is of this kind.</summary>
    /// <exception cref="Hdf5Exception">None or several are; the message lists the dimensions.</exception>
    public int IndexOf(CfAxisKind kind)
    {
        int[] found = [.. Enumerable.Range(0, Axes.Count).Where(i => Axes[i].Kind == kind)];
        return found.Length == 1 ? found[0] : throw Dataset.File.Error(Dataset.Item,
            $"{(found.Length == 0 ? "no" : "more than one")} dimension is {kind.ToString().ToLowerInvariant()}; its dimensions are: {string.Join(", ", Axes)}");
    }

    /// <summary>The axis of this kind.</summary>
    public CfAxis Axis(CfAxisKind kind) => Axes[IndexOf(kind)];
}
