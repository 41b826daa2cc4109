using System.Runtime.InteropServices;
using SoraHpc.Communication;

namespace SoraHpc.Storage.Hdf5;

/// <summary>The predefined datatypes and property-list classes of one loaded libhdf5.</summary>
/// <remarks>They are variables of the library, −1 until H5open and other numbers after a re-initialisation: read at every use.</remarks>
internal sealed unsafe class Hdf5Types(nint library)
{
    private readonly nint[] native = AddressesOfNativeTypes(library);
    private readonly nint textAt = Global(library, "H5T_C_S1_g");
    private readonly nint referenceAt = Global(library, "H5T_STD_REF_OBJ_g");
    private readonly nint bigEndianSingleAt = Global(library, "H5T_IEEE_F32BE_g");
    private readonly nint fileCreateAt = Global(library, "H5P_CLS_FILE_CREATE_ID_g");
    private readonly nint fileAccessAt = Global(library, "H5P_CLS_FILE_ACCESS_ID_g");
    private readonly nint groupCreateAt = Global(library, "H5P_CLS_GROUP_CREATE_ID_g");
    private readonly nint linkCreateAt = Global(library, "H5P_CLS_LINK_CREATE_ID_g");
    private readonly nint datasetCreateAt = Global(library, "H5P_CLS_DATASET_CREATE_ID_g");
    private readonly nint transferAt = Global(library, "H5P_CLS_DATASET_XFER_ID_g");

    /// <summary>One character of C text, to be copied and sized.</summary>
    public long Text => *(long*)textAt;
    /// <summary>Reference to an object of the same file, 8 bytes.</summary>
    public long ObjectReference => *(long*)referenceAt;
    /// <summary>Big-endian IEEE binary32: what NetCDF-4 gives dimensions without coordinates.</summary>
    public long BigEndianSingle => *(long*)bigEndianSingleAt;

    public long FileCreate => *(long*)fileCreateAt;
    public long FileAccess => *(long*)fileAccessAt;
    public long GroupCreate => *(long*)groupCreateAt;
    public long LinkCreate => *(long*)linkCreateAt;
    public long DatasetCreate => *(long*)datasetCreateAt;
    public long Transfer => *(long*)transferAt;

    /// <summary>True when memory of this kind is one of the library's native numbers.</summary>
    public static bool IsNumber(ElementKind kind) => kind is >= ElementKind.Int8 and <= ElementKind.Double or ElementKind.Boolean;

    /// <summary>The native number in memory; a Boolean is one byte.</summary>
    public long Native(ElementKind kind) => *(long*)native[(int)(kind == ElementKind.Boolean ? ElementKind.UInt8 : kind)];

    private static nint[] AddressesOfNativeTypes(nint library)
    {
        nint[] addresses = new nint[ElementType.Kinds];
        for (ElementKind kind = ElementKind.Int8; kind <= ElementKind.UInt64; kind++)
            addresses[(int)kind] = Global(library, $"H5T_NATIVE_{kind.ToString().ToUpperInvariant()}_g");
        addresses[(int)ElementKind.Single] = Global(library, "H5T_NATIVE_FLOAT_g");
        addresses[(int)ElementKind.Double] = Global(library, "H5T_NATIVE_DOUBLE_g");
        return addresses;
    }

    private static nint Global(nint library, string name) => NativeLibrary.GetExport(library, name);
}
