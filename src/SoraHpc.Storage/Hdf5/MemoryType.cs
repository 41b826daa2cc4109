using System.Numerics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SoraHpc.Communication;

namespace SoraHpc.Storage.Hdf5;

/// <summary>The library's description of a T in memory. Numbers are native; a struct is a compound of its fields, by name.</summary>
internal static unsafe class MemoryType
{
    /// <summary>Inside the library's lock. <paramref name="inFile"/> is what the data is converted from or to; null while creating.</summary>
    internal static long Of<T>(OpenFile file, Hdf5ElementType? inFile, string item) where T : unmanaged
    {
        ElementKind kind = ElementType.Of<T>().Kind;
        if (Hdf5Types.IsNumber(kind))
        {
            if (inFile is { IsNumber: false })
                throw NotReadableAs<T>(file, inFile, item);
            return file.Library.Types.Native(kind);
        }
        return OfStruct<T>(file, inFile, item);
    }

    // Apart from the numbers: its closure would be allocated for them too.
    private static long OfStruct<T>(OpenFile file, Hdf5ElementType? inFile, string item)
    {
        if (inFile is not null and not { Class: Hdf5Class.Compound })
            throw NotReadableAs<T>(file, inFile, item);
        if (inFile is not null)
            CheckMembers(file, typeof(T), inFile, item);
        return file.StructType(typeof(T), () => Compound(file, typeof(T), item));
    }

    private static Hdf5Exception NotReadableAs<T>(OpenFile file, Hdf5ElementType inFile, string item) =>
        file.Error(item, $"its elements are {inFile} and not convertible to {typeof(T).Name}{(inFile.Class == Hdf5Class.String ? "; use ReadStrings" : "")}");

    /// <summary>HDF5 would leave a field without a member of its name as it was, and say nothing.</summary>
    private static void CheckMembers(OpenFile file, Type type, Hdf5ElementType inFile, string item)
    {
        foreach ((string name, _, Type member) in FieldsOf(type))
        {
            Hdf5Member found = inFile.Members.FirstOrDefault(candidate => candidate.Name == name)
                ?? throw file.Error(item, $"no member {name}; its elements are {inFile}");
            if (!IsNumber(member) && found.Type.Class == Hdf5Class.Compound)
                CheckMembers(file, member, found.Type, item);
            else if (IsNumber(member) != found.Type.IsNumber)
                throw file.Error(item, $"member {name} is {found.Type} and not convertible to {member.Name}");
        }
    }

    private static long Compound(OpenFile file, Type type, string item)
    {
        const int compound = (int)Hdf5Class.Compound;
        long id = file.Check(file.H5.H5Tcreate(compound, (nuint)Marshal.SizeOf(type)), item);
        foreach ((string name, int offset, Type field) in FieldsOf(type))
        {
            long member = IsNumber(field) ? file.Library.Types.Native(KindOf(field)) : Compound(file, field, item);
            fixed (byte* text = Text.ToUtf8(name))
                file.Check(file.H5.H5Tinsert(id, text, (nuint)offset, member), item);
            if (!IsNumber(field))
                _ = file.H5.H5Tclose(member);
        }
        return id;
    }

    /// <summary>Complex numbers are { r, i } as h5py and NumPy write them.</summary>
    private static IEnumerable<(string Name, int Offset, Type Type)> FieldsOf(Type type)
    {
        if (type == typeof(Complex))
            return [("r", 0, typeof(double)), ("i", sizeof(double), typeof(double))];
        FieldInfo[] fields = type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic);
        return fields.Select(field => (NameOf(field), (int)Marshal.OffsetOf(type, field.Name), field.FieldType));
    }

    /// <summary>The property's name for a record's backing field.</summary>
    private static string NameOf(FieldInfo field) =>
        field.GetCustomAttribute<CompilerGeneratedAttribute>() is not null && field.Name.IndexOf('>') is > 1 and int end ? field.Name[1..end] : field.Name;

    private static bool IsNumber(Type type) => KindOf(type) != ElementKind.Opaque;

    private static ElementKind KindOf(Type type) => Type.GetTypeCode(type.IsEnum ? type.GetEnumUnderlyingType() : type) switch
    {
        TypeCode.SByte => ElementKind.Int8,
        TypeCode.Byte => ElementKind.UInt8,
        TypeCode.Int16 => ElementKind.Int16,
        TypeCode.UInt16 => ElementKind.UInt16,
        TypeCode.Int32 => ElementKind.Int32,
        TypeCode.UInt32 => ElementKind.UInt32,
        TypeCode.Int64 => ElementKind.Int64,
        TypeCode.UInt64 => ElementKind.UInt64,
        TypeCode.Single => ElementKind.Single,
        TypeCode.Double => ElementKind.Double,
        _ => ElementKind.Opaque,
    };
}
