using System.Runtime.InteropServices;

namespace SoraHpc.Communication.Mpi.Abi;

/// <summary>The C library's own loader and environment: what the runtime's wrappers cannot do.</summary>
internal static unsafe partial class DynamicLoader
{
    private const string C = "libc.so.6";
    private const int Now = 2, NoLoad = 4, Global = 0x100;

    [StructLayout(LayoutKind.Sequential)]
    private struct SymbolInformation
    {
        internal byte* File;
        internal void* Base;
        internal byte* Name;
        internal void* Address;
    }

    [LibraryImport(C, EntryPoint = "dlopen", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint Open(string file, int flags);

    [LibraryImport(C, EntryPoint = "dlerror")]
    private static partial byte* LastError();

    [LibraryImport(C, EntryPoint = "dladdr")]
    private static partial int Locate(void* address, SymbolInformation* information);

    [LibraryImport(C, EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetVariable(string name, string value, int overwrite);

    [LibraryImport(C, EntryPoint = "_exit")]
    internal static partial void ExitNow(int code);

    /// <summary>Loads with all symbols resolved and visible to libraries loaded later, so that a parallel HDF5 binds to this very MPI. 0 on failure.</summary>
    internal static nint Load(string file, out string error)
    {
        _ = LastError();                                // bound before it matters: binding it would itself reset the error
        nint library = Open(file, Now | Global);
        string? words = library == 0 ? Marshal.PtrToStringUTF8((nint)LastError()) : "";
        if (words is null && (library = Open(file, Now | Global)) == 0)      // the runtime has used the loader on this thread in between
            words = Marshal.PtrToStringUTF8((nint)LastError());
        error = library != 0 ? "" : words ?? "unknown reason";
        return library;
    }

    /// <summary>Whether the process has the library already.</summary>
    internal static bool IsLoaded(string file) => Open(file, Now | NoLoad) != 0;

    /// <summary>File that holds an address, symbolic links resolved.</summary>
    internal static string FileOf(void* address)
    {
        SymbolInformation information;
        if (Locate(address, &information) == 0 || Marshal.PtrToStringUTF8((nint)information.File) is not { } file)
            return "";
        return File.ResolveLinkTarget(file, returnFinalTarget: true)?.FullName ?? file;
    }

    /// <summary>Sets a variable native libraries will see; Environment.SetEnvironmentVariable changes only the runtime's copy.</summary>
    internal static void SetEnvironment(string name, string value, bool overwrite) => _ = SetVariable(name, value, overwrite ? 1 : 0);
}
