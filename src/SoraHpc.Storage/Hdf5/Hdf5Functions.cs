using System.Runtime.InteropServices;

namespace SoraHpc.Storage.Hdf5;

/// <summary>The functions of one loaded libhdf5 under their own names, looked up once. hid_t is long, hsize_t ulong, herr_t and
/// htri_t int, hbool_t byte, size_t nuint, ssize_t nint; MPI_Comm and MPI_Info go by value as nint.</summary>
/// <remarks>Functions that HDF5 1.12 gave other structs (H5Literate, H5Oget_info, H5Lget_info) are avoided, so that one table
/// serves 1.8 to 1.14. No call is made outside <see cref="Hdf5Library.Enter"/>.</remarks>
internal sealed unsafe class Hdf5Functions(nint library)
{
    // ---- the library ----
    public readonly delegate* unmanaged<int> H5open =
        (delegate* unmanaged<int>)NativeLibrary.GetExport(library, "H5open");
    public readonly delegate* unmanaged<int> H5dont_atexit =
        (delegate* unmanaged<int>)NativeLibrary.GetExport(library, "H5dont_atexit");
    public readonly delegate* unmanaged<uint*, uint*, uint*, int> H5get_libversion =
        (delegate* unmanaged<uint*, uint*, uint*, int>)NativeLibrary.GetExport(library, "H5get_libversion");
    public readonly delegate* unmanaged<byte*, int> H5is_library_threadsafe =
        (delegate* unmanaged<byte*, int>)Optional(library, "H5is_library_threadsafe");
    public readonly delegate* unmanaged<void*, int> H5free_memory =
        (delegate* unmanaged<void*, int>)NativeLibrary.GetExport(library, "H5free_memory");

    // ---- errors ----
    public readonly delegate* unmanaged<long, nint, nint, int> H5Eset_auto2 =
        (delegate* unmanaged<long, nint, nint, int>)NativeLibrary.GetExport(library, "H5Eset_auto2");
    public readonly delegate* unmanaged<long> H5Eget_current_stack =
        (delegate* unmanaged<long>)NativeLibrary.GetExport(library, "H5Eget_current_stack");
    public readonly delegate* unmanaged<long, int, nint, nint, int> H5Ewalk2 =
        (delegate* unmanaged<long, int, nint, nint, int>)NativeLibrary.GetExport(library, "H5Ewalk2");
    public readonly delegate* unmanaged<long, int*, byte*, nuint, nint> H5Eget_msg =
        (delegate* unmanaged<long, int*, byte*, nuint, nint>)NativeLibrary.GetExport(library, "H5Eget_msg");
    public readonly delegate* unmanaged<long, int> H5Eclose_stack =
        (delegate* unmanaged<long, int>)NativeLibrary.GetExport(library, "H5Eclose_stack");

    // ---- files ----
    public readonly delegate* unmanaged<byte*, uint, long, long> H5Fopen =
        (delegate* unmanaged<byte*, uint, long, long>)NativeLibrary.GetExport(library, "H5Fopen");
    public readonly delegate* unmanaged<byte*, uint, long, long, long> H5Fcreate =
        (delegate* unmanaged<byte*, uint, long, long, long>)NativeLibrary.GetExport(library, "H5Fcreate");
    public readonly delegate* unmanaged<long, long> H5Freopen =
        (delegate* unmanaged<long, long>)NativeLibrary.GetExport(library, "H5Freopen");
    public readonly delegate* unmanaged<long, int> H5Fclose =
        (delegate* unmanaged<long, int>)NativeLibrary.GetExport(library, "H5Fclose");
    public readonly delegate* unmanaged<byte*, int> H5Fis_hdf5 =
        (delegate* unmanaged<byte*, int>)NativeLibrary.GetExport(library, "H5Fis_hdf5");

    // ---- property lists ----
    public readonly delegate* unmanaged<long, long> H5Pcreate =
        (delegate* unmanaged<long, long>)NativeLibrary.GetExport(library, "H5Pcreate");
    public readonly delegate* unmanaged<long, int> H5Pclose =
        (delegate* unmanaged<long, int>)NativeLibrary.GetExport(library, "H5Pclose");
    public readonly delegate* unmanaged<long, uint, int> H5Pset_link_creation_order =
        (delegate* unmanaged<long, uint, int>)NativeLibrary.GetExport(library, "H5Pset_link_creation_order");
    public readonly delegate* unmanaged<long, uint, int> H5Pset_attr_creation_order =
        (delegate* unmanaged<long, uint, int>)NativeLibrary.GetExport(library, "H5Pset_attr_creation_order");
    public readonly delegate* unmanaged<long, uint, int> H5Pset_create_intermediate_group =
        (delegate* unmanaged<long, uint, int>)NativeLibrary.GetExport(library, "H5Pset_create_intermediate_group");
    public readonly delegate* unmanaged<long, int, ulong*, int> H5Pset_chunk =
        (delegate* unmanaged<long, int, ulong*, int>)NativeLibrary.GetExport(library, "H5Pset_chunk");
    public readonly delegate* unmanaged<long, int, ulong*, int> H5Pget_chunk =
        (delegate* unmanaged<long, int, ulong*, int>)NativeLibrary.GetExport(library, "H5Pget_chunk");
    public readonly delegate* unmanaged<long, int> H5Pget_layout =
        (delegate* unmanaged<long, int>)NativeLibrary.GetExport(library, "H5Pget_layout");
    public readonly delegate* unmanaged<long, uint, int> H5Pset_deflate =
        (delegate* unmanaged<long, uint, int>)NativeLibrary.GetExport(library, "H5Pset_deflate");
    public readonly delegate* unmanaged<long, int> H5Pset_shuffle =
        (delegate* unmanaged<long, int>)NativeLibrary.GetExport(library, "H5Pset_shuffle");
    public readonly delegate* unmanaged<long, int> H5Pset_fletcher32 =
        (delegate* unmanaged<long, int>)NativeLibrary.GetExport(library, "H5Pset_fletcher32");
    public readonly delegate* unmanaged<long, int> H5Pget_nfilters =
        (delegate* unmanaged<long, int>)NativeLibrary.GetExport(library, "H5Pget_nfilters");
    public readonly delegate* unmanaged<long, uint, uint*, nuint*, uint*, nuint, byte*, uint*, int> H5Pget_filter2 =
        (delegate* unmanaged<long, uint, uint*, nuint*, uint*, nuint, byte*, uint*, int>)NativeLibrary.GetExport(library, "H5Pget_filter2");
    public readonly delegate* unmanaged<long, long, void*, int> H5Pset_fill_value =
        (delegate* unmanaged<long, long, void*, int>)NativeLibrary.GetExport(library, "H5Pset_fill_value");
    public readonly delegate* unmanaged<long, int, int> H5Pset_fill_time =
        (delegate* unmanaged<long, int, int>)NativeLibrary.GetExport(library, "H5Pset_fill_time");
    public readonly delegate* unmanaged<long, int, int> H5Pset_alloc_time =
        (delegate* unmanaged<long, int, int>)NativeLibrary.GetExport(library, "H5Pset_alloc_time");
    public readonly delegate* unmanaged<long, ulong, int> H5Pset_userblock =
        (delegate* unmanaged<long, ulong, int>)NativeLibrary.GetExport(library, "H5Pset_userblock");
    public readonly delegate* unmanaged<long, ulong, ulong, int> H5Pset_alignment =
        (delegate* unmanaged<long, ulong, ulong, int>)NativeLibrary.GetExport(library, "H5Pset_alignment");

    // ---- MPI-IO: null in a serial build ----
    public readonly delegate* unmanaged<long, nint, nint, int> H5Pset_fapl_mpio =
        (delegate* unmanaged<long, nint, nint, int>)Optional(library, "H5Pset_fapl_mpio");
    public readonly delegate* unmanaged<long, int, int> H5Pset_dxpl_mpio =
        (delegate* unmanaged<long, int, int>)Optional(library, "H5Pset_dxpl_mpio");
    public readonly delegate* unmanaged<long, uint*, uint*, int> H5Pget_mpio_no_collective_cause =
        (delegate* unmanaged<long, uint*, uint*, int>)Optional(library, "H5Pget_mpio_no_collective_cause");
    public readonly delegate* unmanaged<long, byte, int> H5Pset_coll_metadata_write =
        (delegate* unmanaged<long, byte, int>)Optional(library, "H5Pset_coll_metadata_write");

    // ---- groups, links, objects ----
    public readonly delegate* unmanaged<long, byte*, long, long, long, long> H5Gcreate2 =
        (delegate* unmanaged<long, byte*, long, long, long, long>)NativeLibrary.GetExport(library, "H5Gcreate2");
    public readonly delegate* unmanaged<long, int> H5Gclose =
        (delegate* unmanaged<long, int>)NativeLibrary.GetExport(library, "H5Gclose");
    public readonly delegate* unmanaged<long, byte*, GroupInfo*, long, int> H5Gget_info_by_name =
        (delegate* unmanaged<long, byte*, GroupInfo*, long, int>)NativeLibrary.GetExport(library, "H5Gget_info_by_name");
    public readonly delegate* unmanaged<long, byte*, int, int, ulong, byte*, nuint, long, nint> H5Lget_name_by_idx =
        (delegate* unmanaged<long, byte*, int, int, ulong, byte*, nuint, long, nint>)NativeLibrary.GetExport(library, "H5Lget_name_by_idx");
    public readonly delegate* unmanaged<long, byte*, long, long> H5Oopen =
        (delegate* unmanaged<long, byte*, long, long>)NativeLibrary.GetExport(library, "H5Oopen");
    public readonly delegate* unmanaged<long, int> H5Iget_type =
        (delegate* unmanaged<long, int>)NativeLibrary.GetExport(library, "H5Iget_type");
    public readonly delegate* unmanaged<long, byte*, nuint, nint> H5Iget_name =
        (delegate* unmanaged<long, byte*, nuint, nint>)NativeLibrary.GetExport(library, "H5Iget_name");
    public readonly delegate* unmanaged<long, int> H5Idec_ref =
        (delegate* unmanaged<long, int>)NativeLibrary.GetExport(library, "H5Idec_ref");
    public readonly delegate* unmanaged<void*, long, byte*, int, long, int> H5Rcreate =
        (delegate* unmanaged<void*, long, byte*, int, long, int>)NativeLibrary.GetExport(library, "H5Rcreate");
    public readonly delegate* unmanaged<long, long, int, void*, long> H5Rdereference2 =
        (delegate* unmanaged<long, long, int, void*, long>)NativeLibrary.GetExport(library, "H5Rdereference2");

    // ---- datasets ----
    public readonly delegate* unmanaged<long, byte*, long, long> H5Dopen2 =
        (delegate* unmanaged<long, byte*, long, long>)NativeLibrary.GetExport(library, "H5Dopen2");
    public readonly delegate* unmanaged<long, byte*, long, long, long, long, long, long> H5Dcreate2 =
        (delegate* unmanaged<long, byte*, long, long, long, long, long, long>)NativeLibrary.GetExport(library, "H5Dcreate2");
    public readonly delegate* unmanaged<long, long> H5Dget_space =
        (delegate* unmanaged<long, long>)NativeLibrary.GetExport(library, "H5Dget_space");
    public readonly delegate* unmanaged<long, long> H5Dget_type =
        (delegate* unmanaged<long, long>)NativeLibrary.GetExport(library, "H5Dget_type");
    public readonly delegate* unmanaged<long, long> H5Dget_create_plist =
        (delegate* unmanaged<long, long>)NativeLibrary.GetExport(library, "H5Dget_create_plist");
    public readonly delegate* unmanaged<long, ulong> H5Dget_offset =
        (delegate* unmanaged<long, ulong>)NativeLibrary.GetExport(library, "H5Dget_offset");
    public readonly delegate* unmanaged<long, ulong*, int> H5Dset_extent =
        (delegate* unmanaged<long, ulong*, int>)NativeLibrary.GetExport(library, "H5Dset_extent");
    public readonly delegate* unmanaged<long, long, long, long, long, void*, int> H5Dread =
        (delegate* unmanaged<long, long, long, long, long, void*, int>)NativeLibrary.GetExport(library, "H5Dread");
    public readonly delegate* unmanaged<long, long, long, long, long, void*, int> H5Dwrite =
        (delegate* unmanaged<long, long, long, long, long, void*, int>)NativeLibrary.GetExport(library, "H5Dwrite");
    public readonly delegate* unmanaged<long, long, long, void*, int> H5Dvlen_reclaim =
        (delegate* unmanaged<long, long, long, void*, int>)NativeLibrary.GetExport(library, "H5Dvlen_reclaim");

    // ---- dataspaces ----
    public readonly delegate* unmanaged<int, long> H5Screate =
        (delegate* unmanaged<int, long>)NativeLibrary.GetExport(library, "H5Screate");
    public readonly delegate* unmanaged<int, ulong*, ulong*, long> H5Screate_simple =
        (delegate* unmanaged<int, ulong*, ulong*, long>)NativeLibrary.GetExport(library, "H5Screate_simple");
    public readonly delegate* unmanaged<long, int> H5Sget_simple_extent_ndims =
        (delegate* unmanaged<long, int>)NativeLibrary.GetExport(library, "H5Sget_simple_extent_ndims");
    public readonly delegate* unmanaged<long, ulong*, ulong*, int> H5Sget_simple_extent_dims =
        (delegate* unmanaged<long, ulong*, ulong*, int>)NativeLibrary.GetExport(library, "H5Sget_simple_extent_dims");
    public readonly delegate* unmanaged<long, long> H5Sget_simple_extent_npoints =
        (delegate* unmanaged<long, long>)NativeLibrary.GetExport(library, "H5Sget_simple_extent_npoints");
    public readonly delegate* unmanaged<long, int> H5Sselect_none =
        (delegate* unmanaged<long, int>)NativeLibrary.GetExport(library, "H5Sselect_none");
    public readonly delegate* unmanaged<long, int, ulong*, ulong*, ulong*, ulong*, int> H5Sselect_hyperslab =
        (delegate* unmanaged<long, int, ulong*, ulong*, ulong*, ulong*, int>)NativeLibrary.GetExport(library, "H5Sselect_hyperslab");
    public readonly delegate* unmanaged<long, int> H5Sclose =
        (delegate* unmanaged<long, int>)NativeLibrary.GetExport(library, "H5Sclose");

    // ---- datatypes ----
    public readonly delegate* unmanaged<long, long> H5Tcopy =
        (delegate* unmanaged<long, long>)NativeLibrary.GetExport(library, "H5Tcopy");
    public readonly delegate* unmanaged<int, nuint, long> H5Tcreate =
        (delegate* unmanaged<int, nuint, long>)NativeLibrary.GetExport(library, "H5Tcreate");
    public readonly delegate* unmanaged<long, byte*, nuint, long, int> H5Tinsert =
        (delegate* unmanaged<long, byte*, nuint, long, int>)NativeLibrary.GetExport(library, "H5Tinsert");
    public readonly delegate* unmanaged<long, long> H5Tvlen_create =
        (delegate* unmanaged<long, long>)NativeLibrary.GetExport(library, "H5Tvlen_create");
    public readonly delegate* unmanaged<long, nuint, int> H5Tset_size =
        (delegate* unmanaged<long, nuint, int>)NativeLibrary.GetExport(library, "H5Tset_size");
    public readonly delegate* unmanaged<long, int, int> H5Tset_cset =
        (delegate* unmanaged<long, int, int>)NativeLibrary.GetExport(library, "H5Tset_cset");
    public readonly delegate* unmanaged<long, int, int> H5Tset_strpad =
        (delegate* unmanaged<long, int, int>)NativeLibrary.GetExport(library, "H5Tset_strpad");
    public readonly delegate* unmanaged<long, int> H5Tget_class =
        (delegate* unmanaged<long, int>)NativeLibrary.GetExport(library, "H5Tget_class");
    public readonly delegate* unmanaged<long, nuint> H5Tget_size =
        (delegate* unmanaged<long, nuint>)NativeLibrary.GetExport(library, "H5Tget_size");
    public readonly delegate* unmanaged<long, int> H5Tget_sign =
        (delegate* unmanaged<long, int>)NativeLibrary.GetExport(library, "H5Tget_sign");
    public readonly delegate* unmanaged<long, int> H5Tget_order =
        (delegate* unmanaged<long, int>)NativeLibrary.GetExport(library, "H5Tget_order");
    public readonly delegate* unmanaged<long, int> H5Tis_variable_str =
        (delegate* unmanaged<long, int>)NativeLibrary.GetExport(library, "H5Tis_variable_str");
    public readonly delegate* unmanaged<long, int> H5Tget_nmembers =
        (delegate* unmanaged<long, int>)NativeLibrary.GetExport(library, "H5Tget_nmembers");
    public readonly delegate* unmanaged<long, uint, byte*> H5Tget_member_name =
        (delegate* unmanaged<long, uint, byte*>)NativeLibrary.GetExport(library, "H5Tget_member_name");
    public readonly delegate* unmanaged<long, uint, long> H5Tget_member_type =
        (delegate* unmanaged<long, uint, long>)NativeLibrary.GetExport(library, "H5Tget_member_type");
    public readonly delegate* unmanaged<long, uint, nuint> H5Tget_member_offset =
        (delegate* unmanaged<long, uint, nuint>)NativeLibrary.GetExport(library, "H5Tget_member_offset");
    public readonly delegate* unmanaged<long, int> H5Tclose =
        (delegate* unmanaged<long, int>)NativeLibrary.GetExport(library, "H5Tclose");

    // ---- attributes ----
    public readonly delegate* unmanaged<long, byte*, byte*, long, long, long> H5Aopen_by_name =
        (delegate* unmanaged<long, byte*, byte*, long, long, long>)NativeLibrary.GetExport(library, "H5Aopen_by_name");
    public readonly delegate* unmanaged<long, byte*, byte*, long, long, long, long, long, long> H5Acreate_by_name =
        (delegate* unmanaged<long, byte*, byte*, long, long, long, long, long, long>)NativeLibrary.GetExport(library, "H5Acreate_by_name");
    public readonly delegate* unmanaged<long, byte*, byte*, long, int> H5Adelete_by_name =
        (delegate* unmanaged<long, byte*, byte*, long, int>)NativeLibrary.GetExport(library, "H5Adelete_by_name");
    public readonly delegate* unmanaged<long, byte*, byte*, long, int> H5Aexists_by_name =
        (delegate* unmanaged<long, byte*, byte*, long, int>)NativeLibrary.GetExport(library, "H5Aexists_by_name");
    public readonly delegate* unmanaged<long, byte*, int, int, ulong, byte*, nuint, long, nint> H5Aget_name_by_idx =
        (delegate* unmanaged<long, byte*, int, int, ulong, byte*, nuint, long, nint>)NativeLibrary.GetExport(library, "H5Aget_name_by_idx");
    public readonly delegate* unmanaged<long, long> H5Aget_space =
        (delegate* unmanaged<long, long>)NativeLibrary.GetExport(library, "H5Aget_space");
    public readonly delegate* unmanaged<long, long> H5Aget_type =
        (delegate* unmanaged<long, long>)NativeLibrary.GetExport(library, "H5Aget_type");
    public readonly delegate* unmanaged<long, long, void*, int> H5Aread =
        (delegate* unmanaged<long, long, void*, int>)NativeLibrary.GetExport(library, "H5Aread");
    public readonly delegate* unmanaged<long, long, void*, int> H5Awrite =
        (delegate* unmanaged<long, long, void*, int>)NativeLibrary.GetExport(library, "H5Awrite");
    public readonly delegate* unmanaged<long, int> H5Aclose =
        (delegate* unmanaged<long, int>)NativeLibrary.GetExport(library, "H5Aclose");

    private static nint Optional(nint library, string name) => NativeLibrary.TryGetExport(library, name, out nint address) ? address : 0;
}

/// <summary>H5G_info_t.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct GroupInfo
{
    public int StorageType;
    public ulong Links;
    public long LargestCreationOrder;
    public byte Mounted;
}

/// <summary>H5E_error2_t: one entry of an error stack.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct ErrorEntry
{
    public long Class, Major, Minor;
    public uint Line;
    public byte* Function, File, Description;
}
