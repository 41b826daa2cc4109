using SoraHpc.Storage.Hdf5;

namespace SoraHpc.Storage;

public sealed unsafe partial class Hdf5Dataset
{
    /// <summary>Texts of a box, of fixed or variable length; null: the whole dataset. Independent.</summary>
    public string[] ReadStrings(Hyperslab? slab = null)
    {
        CheckIsText();
        slab ??= Whole;
        CheckSlab(slab.Start, slab.Count);
        using Hdf5Entry entered = file.Enter();
        long type = file.Check(file.H5.H5Dget_type(id), item), memorySpace = Select(slab.Start, slab.Count, slab.Count);
        long packed = memorySpace == 0 ? fileSpace : memorySpace;
        try
        {
            return Strings.Read(file, ElementType, type, packed, slab.Elements, item,
                (memory, at) => file.H5.H5Dread(id, memory, memorySpace, Rank == 0 ? 0 : fileSpace, 0, (void*)at));
        }
        finally
        {
            _ = file.H5.H5Tclose(type);
            if (memorySpace != 0)
                _ = file.H5.H5Sclose(memorySpace);
        }
    }

    /// <summary>Texts into a box. Those too long for elements of fixed length are refused. Independent; not under MPI-IO when of variable length.</summary>
    public void WriteStrings(Hyperslab slab, IReadOnlyList<string> texts)
    {
        CheckIsText();
        CheckWritable(TransferMode.Independent);
        CheckSlab(slab.Start, slab.Count);
        CheckLength(slab, texts.Count);
        if (ElementType.IsVariable && file.Access == Hdf5Access.MpiIo)
            throw file.Error(item, "HDF5 writes text of variable length only from one process; create the dataset with a length");
        using Hdf5Entry entered = file.Enter();
        long type = file.Check(file.H5.H5Dget_type(id), item), memorySpace = Select(slab.Start, slab.Count, slab.Count);
        int result;
        if (ElementType.IsVariable)
        {
            using NativeTexts pointers = new(texts);
            result = file.H5.H5Dwrite(id, type, memorySpace, Rank == 0 ? 0 : fileSpace, 0, pointers.Address);
        }
        else
        {
            fixed (byte* at = Packed(texts))
                result = file.H5.H5Dwrite(id, type, memorySpace, Rank == 0 ? 0 : fileSpace, 0, at);
        }
        string? failure = result < 0 ? Hdf5ErrorStack.RootCause(file.H5) : null;
        _ = file.H5.H5Tclose(type);
        if (memorySpace != 0)
            _ = file.H5.H5Sclose(memorySpace);
        if (failure is not null)
            throw file.Error(item, $"{failure} (H5Dwrite)");
    }

    private byte[] Packed(IReadOnlyList<string> texts)
    {
        int length = ElementType.Size;
        byte[] packed = new byte[checked(texts.Count * length)];
        for (int i = 0; i < texts.Count; i++)
        {
            byte[] text = System.Text.Encoding.UTF8.GetBytes(texts[i]);
            if (text.Length > length)
                throw file.Error(item, $"\"{texts[i]}\" needs {text.Length} B, its elements hold {length}");
            text.CopyTo(packed, i * length);
        }
        return packed;
    }

    private void CheckIsText()
    {
        if (ElementType.Class != Hdf5Class.String)
            throw file.Error(item, $"its elements are {ElementType}, not text");
    }
}
