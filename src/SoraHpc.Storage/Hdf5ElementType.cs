using SoraHpc.Storage.Hdf5;

namespace SoraHpc.Storage;

/// <summary>The kinds of elements HDF5 knows (H5T_class_t).</summary>
public enum Hdf5Class
{
    Integer, Float, Time, String, Bitfield, Opaque, Compound, Reference, Enumeration, VariableLength, Array,
}

/// <summary>One member of a compound element.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Offset">Bytes from the start of the element.</param>
public sealed record Hdf5Member(string Name, int Offset, Hdf5ElementType Type);

/// <summary>What one element of a dataset or attribute is in the file.</summary>
/// <param name="Class">Number, text, compound …</param>
/// <param name="Size">Bytes per element; of a variable-length element, of its descriptor.</param>
/// <param name="IsSigned">Of integers.</param>
/// <param name="IsBigEndian">Of numbers; converted when read.</param>
/// <param name="IsVariable">Text whose length differs over elements.</param>
/// <param name="Members">Of a compound, in the file's order; else empty.</param>
public sealed record Hdf5ElementType(
    Hdf5Class Class, int Size, bool IsSigned, bool IsBigEndian, bool IsVariable, IReadOnlyList<Hdf5Member> Members)
{
    /// <summary>Integer, float or enumeration: readable as any numeric T, converted by HDF5.</summary>
    public bool IsNumber => Class is Hdf5Class.Integer or Hdf5Class.Float or Hdf5Class.Enumeration or Hdf5Class.Bitfield;

    /// <summary>Describes a type of the library, inside its lock.</summary>
    internal static unsafe Hdf5ElementType Of(Hdf5Functions h5, long type)
    {
        const int twosComplement = 1, bigEndian = 1;   // H5T_SGN_2, H5T_ORDER_BE
        Hdf5Class kind = (Hdf5Class)h5.H5Tget_class(type);
        return new Hdf5ElementType(kind, (int)h5.H5Tget_size(type),
            kind == Hdf5Class.Integer && h5.H5Tget_sign(type) == twosComplement,
            kind is Hdf5Class.Integer or Hdf5Class.Float && h5.H5Tget_order(type) == bigEndian,
            kind == Hdf5Class.String && h5.H5Tis_variable_str(type) > 0,
            kind == Hdf5Class.Compound ? MembersOf(h5, type) : []);
    }

    private static unsafe Hdf5Member[] MembersOf(Hdf5Functions h5, long type)
    {
        Hdf5Member[] members = new Hdf5Member[h5.H5Tget_nmembers(type)];
        for (uint i = 0; i < members.Length; i++)
        {
            byte* name = h5.H5Tget_member_name(type, i);
            long member = h5.H5Tget_member_type(type, i);
            members[i] = new Hdf5Member(Text.FromUtf8(name), (int)h5.H5Tget_member_offset(type, i), Of(h5, member));
            _ = h5.H5free_memory(name);
            _ = h5.H5Tclose(member);
        }
        return members;
    }

    /// <summary>"int16", "float64 big-endian", "text", "compound { r: float64, i: float64 }".</summary>
    public override string ToString() => Class switch
    {
        Hdf5Class.Integer => $"{(IsSigned ? "int" : "uint")}{Size * 8}{Endianness}",
        Hdf5Class.Float => $"float{Size * 8}{Endianness}",
        Hdf5Class.String => IsVariable ? "text" : $"text of {Size} B",
        Hdf5Class.Compound => $"compound {{ {string.Join(", ", Members.Select(member => $"{member.Name}: {member.Type}"))} }}",
        _ => $"{Class.ToString().ToLowerInvariant()} of {Size} B",
    };

    private string Endianness => IsBigEndian ? " big-endian" : "";
}
