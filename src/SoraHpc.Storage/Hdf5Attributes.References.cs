using System.Runtime.InteropServices;
using SoraHpc.Storage.Hdf5;

namespace SoraHpc.Storage;

// The dimension-scale convention of HDF5's high-level library, kept in two attributes of object references. Written here because
// the high-level library comes with the serial build only. Source: HDF5 Dimension Scale Specification, 2005.
public sealed unsafe partial class Hdf5Attributes
{
    /// <summary>hvl_t: a variable-length element in memory.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct VariableLength
    {
        public nuint Length;
        public void* At;
    }

    /// <summary>One entry of REFERENCE_LIST: a variable and which of its dimensions.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct ScaleUse
    {
        public ulong Variable;
        public int Dimension;
    }

    /// <summary>The path of the first object in each list of references. Inside the lock.</summary>
    internal void ReadReferenceLists(string name, string?[] paths) => With(name, attribute =>
    {
        long type = VariableReferences(name), space = file.Check(file.H5.H5Aget_space(attribute), Item(name));
        VariableLength[] lists = new VariableLength[CountOf(attribute, name)];
        fixed (VariableLength* at = lists)
        {
            file.Check(file.H5.H5Aread(attribute, type, at), Item(name));
            for (int i = 0; i < Math.Min(lists.Length, paths.Length); i++)
                paths[i] = lists[i].Length > 0 ? file.NameOf(lists[i].At) : null;
            _ = file.H5.H5Dvlen_reclaim(type, space, 0, at);
        }
        _ = file.H5.H5Sclose(space);
        _ = file.H5.H5Tclose(type);
        return 0;
    });

    /// <summary>DIMENSION_LIST: for each dimension the scale at this path. Collective.</summary>
    internal void WriteDimensionList(IReadOnlyList<string> scalePaths) => file.Change(Item("DIMENSION_LIST"), () =>
    {
        using Hdf5Entry entered = file.Enter();
        long type = VariableReferences("DIMENSION_LIST");
        ulong* references = stackalloc ulong[scalePaths.Count];
        VariableLength* lists = stackalloc VariableLength[scalePaths.Count];
        for (int i = 0; i < scalePaths.Count; i++)
        {
            references[i] = ReferenceTo(scalePaths[i]);
            lists[i] = new VariableLength { Length = 1, At = references + i };
        }
        Put("DIMENSION_LIST", type, scalePaths.Count, lists);
        _ = file.H5.H5Tclose(type);
    });

    /// <summary>REFERENCE_LIST of a scale: the variables and dimensions it is attached to. Collective.</summary>
    internal void WriteReferenceList(IReadOnlyList<(string Path, int Dimension)> uses) => file.Change(Item("REFERENCE_LIST"), () =>
    {
        using Hdf5Entry entered = file.Enter();
        const int compound = (int)Hdf5Class.Compound;
        long type = file.Check(file.H5.H5Tcreate(compound, (nuint)sizeof(ScaleUse)), Item("REFERENCE_LIST"));
        fixed (byte* dataset = "dataset\0"u8, dimension = "dimension\0"u8)
        {
            file.Check(file.H5.H5Tinsert(type, dataset, 0, file.Library.Types.ObjectReference), Item("REFERENCE_LIST"));
            file.Check(file.H5.H5Tinsert(type, dimension, sizeof(ulong), file.Library.Types.Native(Communication.ElementKind.Int32)), Item("REFERENCE_LIST"));
        }
        ScaleUse[] list = [.. uses.Select(use => new ScaleUse { Variable = ReferenceTo(use.Path), Dimension = use.Dimension })];
        fixed (ScaleUse* at = list)
            Put("REFERENCE_LIST", type, list.Length, at);
        _ = file.H5.H5Tclose(type);
    });

    private long VariableReferences(string name) =>
        file.Check(file.H5.H5Tvlen_create(file.Library.Types.ObjectReference), Item(name));

    private ulong ReferenceTo(string target)
    {
        const int objectReference = 0;     // H5R_OBJECT
        ulong reference;
        fixed (byte* at = Text.ToUtf8(target))
            file.Check(file.H5.H5Rcreate(&reference, file.Id, at, objectReference, -1), target);
        return reference;
    }
}
