using System.Text;
using SoraHpc.Storage.Hdf5;

namespace SoraHpc.Storage;

public sealed unsafe partial class Hdf5Attributes
{
    private const int Scalar = 0, Simple = 1;          // H5S_SCALAR, H5S_SIMPLE

    /// <summary>One number, or a struct of numbers as a compound. Collective.</summary>
    public void Write<T>(string name, T value) where T : unmanaged =>
        file.Change(Item(name), () =>
        {
            T copy = value;
            Put(name, MemoryTypeOf<T>(name), -1, &copy);
        });

    /// <summary>An array of numbers. Collective.</summary>
    public void Write<T>(string name, ReadOnlySpan<T> values) where T : unmanaged
    {
        fixed (T* at = values)
        {
            nint address = (nint)at;
            int count = values.Length;
            file.Change(Item(name), () => Put(name, MemoryTypeOf<T>(name), count, (void*)address));
        }
    }

    /// <summary>A text, stored with its own length; UTF-8. Collective.</summary>
    public void WriteString(string name, string value) => WriteText(name, value, nullTerminated: false);

    /// <summary>Several texts of variable length. Collective.</summary>
    public void WriteStrings(string name, IReadOnlyList<string> values) => file.Change(Item(name), () =>
    {
        using Hdf5Entry entered = file.Enter();
        using NativeTexts texts = new(values);
        long type = Strings.VariableType(file, Item(name));
        Put(name, type, values.Count, texts.Address);
        _ = file.H5.H5Tclose(type);
    });

    /// <summary>Dimension scales want their texts closed by a zero; everything else is read best without one.</summary>
    internal void WriteText(string name, string value, bool nullTerminated) => file.Change(Item(name), () =>
    {
        using Hdf5Entry entered = file.Enter();
        byte[] bytes = Text.ToUtf8(value);
        int length = Math.Max(1, nullTerminated ? bytes.Length : bytes.Length - 1);
        long type = Strings.FixedType(file, length, nullTerminated, isAscii: Ascii.IsValid(value), Item(name));
        fixed (byte* at = bytes)
            Put(name, type, -1, at);
        _ = file.H5.H5Tclose(type);
    });

    private long MemoryTypeOf<T>(string name) where T : unmanaged
    {
        using Hdf5Entry entered = file.Enter();
        return MemoryType.Of<T>(file, null, Item(name));
    }

    /// <summary>Writes <paramref name="count"/> elements, or a scalar where it is −1, in the type they have in memory.</summary>
    internal void Put(string name, long type, int count, void* at)
    {
        using Hdf5Entry entered = file.Enter();
        ulong length = (ulong)Math.Max(0, count);
        long space = file.Check(count < 0 ? file.H5.H5Screate(Scalar) : file.H5.H5Screate_simple(1, &length, null), Item(name));
        fixed (byte* on = owner, text = Text.ToUtf8(name))
        {
            if (file.H5.H5Aexists_by_name(file.Id, on, text, 0) > 0)
                file.Check(file.H5.H5Adelete_by_name(file.Id, on, text, 0), Item(name));
            long attribute = file.Check(file.H5.H5Acreate_by_name(file.Id, on, text, type, space, 0, 0, 0), Item(name));
            int written = count == 0 ? 0 : file.H5.H5Awrite(attribute, type, at);
            string? failure = written < 0 ? Hdf5ErrorStack.RootCause(file.H5) : null;
            _ = file.H5.H5Aclose(attribute);
            _ = file.H5.H5Sclose(space);
            if (failure is not null)
                throw file.Error(Item(name), $"{failure} (H5Awrite)");
        }
    }
}
