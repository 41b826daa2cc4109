using System.Text;
using SoraHpc.Storage.Hdf5;

namespace SoraHpc.Storage;

/// <summary>The attributes of a file, group or dataset. Reading is local; writing is collective and replaces what was there.</summary>
public sealed unsafe partial class Hdf5Attributes
{
    private const int ByName = 0, Increasing = 0;      // H5_INDEX_NAME, H5_ITER_INC
    private readonly OpenFile file;
    private readonly string path;
    private readonly byte[] owner;

    internal Hdf5Attributes(OpenFile file, string path) => (this.file, this.path, owner) = (file, path, Text.ToUtf8(path));

    /// <summary>All names, sorted.</summary>
    public IReadOnlyList<string> Names
    {
        get
        {
            using Hdf5Entry entered = file.Enter();
            List<string> names = [];
            byte* name = stackalloc byte[1024];
            fixed (byte* on = owner)
                while (file.H5.H5Aget_name_by_idx(file.Id, on, ByName, Increasing, (ulong)names.Count, name, 1024, 0) >= 0)
                    names.Add(Text.FromUtf8(name, 1024));
            return names;
        }
    }

    /// <summary>Whether there is one of this name.</summary>
    public bool Contains(string name)
    {
        using Hdf5Entry entered = file.Enter();
        fixed (byte* on = owner, text = Text.ToUtf8(name))
            return file.Check(file.H5.H5Aexists_by_name(file.Id, on, text, 0), Item(name)) > 0;
    }

    /// <summary>What the attribute's elements are.</summary>
    public Hdf5ElementType ElementType(string name) => With(name, attribute => TypeOf(attribute, name));

    /// <summary>The attribute's one element, converted to T.</summary>
    /// <exception cref="Hdf5Exception">It is not there (the message lists those that are), holds text, or several elements.</exception>
    public T Read<T>(string name) where T : unmanaged
    {
        T[] values = ReadArray<T>(name);
        return values.Length == 1 ? values[0] : throw file.Error(Item(name), $"it holds {values.Length} elements, one was asked for; use ReadArray");
    }

    /// <summary>As <see cref="Read{T}"/>; false where there is no attribute of this name.</summary>
    public bool TryRead<T>(string name, out T value) where T : unmanaged
    {
        bool there = Contains(name);
        value = there ? Read<T>(name) : default;
        return there;
    }

    /// <summary>All elements in row-major order, converted to T.</summary>
    public T[] ReadArray<T>(string name) where T : unmanaged => With(name, attribute =>
    {
        T[] values = new T[CountOf(attribute, name)];
        long type = MemoryType.Of<T>(file, TypeOf(attribute, name), Item(name));
        fixed (T* at = values)
            file.Check(values.Length == 0 ? 0 : file.H5.H5Aread(attribute, type, at), Item(name));
        return values;
    });

    /// <summary>The attribute's one text.</summary>
    public string ReadString(string name)
    {
        string[] values = ReadStrings(name);
        return values.Length == 1 ? values[0] : throw file.Error(Item(name), $"it holds {values.Length} texts, one was asked for; use ReadStrings");
    }

    /// <summary>The attribute's one text, or null where there is none of this name or it is not text.</summary>
    public string? TryReadString(string name) =>
        Contains(name) && ElementType(name).Class == Hdf5Class.String && ReadStrings(name) is [string text] ? text : null;

    /// <summary>All texts, of fixed or variable length.</summary>
    public string[] ReadStrings(string name) => With(name, attribute =>
    {
        Hdf5ElementType type = TypeOf(attribute, name);
        if (type.Class != Hdf5Class.String)
            throw file.Error(Item(name), $"its elements are {type}, not text");
        long id = file.Check(file.H5.H5Aget_type(attribute), Item(name)), space = file.Check(file.H5.H5Aget_space(attribute), Item(name));
        try
        {
            return Strings.Read(file, type, id, space, CountOf(attribute, name), Item(name), (memory, at) => file.H5.H5Aread(attribute, memory, (void*)at));
        }
        finally
        {
            _ = file.H5.H5Tclose(id);
            _ = file.H5.H5Sclose(space);
        }
    });

    private TResult With<TResult>(string name, Func<long, TResult> read)
    {
        if (!Contains(name))
            throw file.Error(Item(name), $"there is no such attribute; there are: {(Names is { Count: > 0 } names ? string.Join(", ", names) : "none")}");
        using Hdf5Entry entered = file.Enter();
        long attribute;
        fixed (byte* on = owner, text = Text.ToUtf8(name))
            attribute = file.Check(file.H5.H5Aopen_by_name(file.Id, on, text, 0, 0), Item(name));
        try
        {
            return read(attribute);
        }
        finally
        {
            _ = file.H5.H5Aclose(attribute);
        }
    }

    private Hdf5ElementType TypeOf(long attribute, string name)
    {
        long type = file.Check(file.H5.H5Aget_type(attribute), Item(name));
        Hdf5ElementType described = Hdf5ElementType.Of(file.H5, type);
        _ = file.H5.H5Tclose(type);
        return described;
    }

    private long CountOf(long attribute, string name)
    {
        long space = file.Check(file.H5.H5Aget_space(attribute), Item(name));
        long count = file.H5.H5Sget_simple_extent_npoints(space);
        _ = file.H5.H5Sclose(space);
        return count;
    }

    private string Item(string name) => path == "/" ? $"attribute {name}" : $"attribute {path.TrimStart('/')}/{name}";
}
