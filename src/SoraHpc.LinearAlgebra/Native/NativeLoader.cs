using System.Runtime.InteropServices;

namespace SoraHpc.LinearAlgebra.Native;

/// <summary>The C library's loader, environment and large pages: what the runtime's wrappers cannot do.</summary>
internal static unsafe partial class NativeLoader
{
    private const string C = "libc.so.6";
    private const int Global = 0x100;
    private const int Now = 2;                          // and local: two libraries in one process must not see each other's dgemm_
    private const int HugePages = 14;

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
    private static partial int Locate(nint address, SymbolInformation* information);

    [LibraryImport(C, EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetVariable(string name, string value, int overwrite);

    [LibraryImport(C, EntryPoint = "madvise")]
    private static partial int Advise(void* address, nuint bytes, int advice);

    /// <summary>0 on failure, with the loader's own words.</summary>
    internal static nint Load(string file, out string error)
    {
        _ = LastError();                                // bound before it matters: binding it would itself reset the error
        nint library = Open(file, Now);
        string? words = library == 0 ? Marshal.PtrToStringUTF8((nint)LastError()) : "";
        if (words is null && (library = Open(file, Now)) == 0)      // the runtime has used the loader on this thread in between
            words = Marshal.PtrToStringUTF8((nint)LastError());
        error = library != 0 ? "" : words ?? "unknown reason";
        return library;
    }

    /// <summary>Whether a library is there whose names others then find without naming it: for a run time of threads, never for a BLAS.</summary>
    internal static bool LoadForAll(string file) => Open(file, Now | Global) != 0;

    /// <summary>File that holds an address, symbolic links resolved; empty when unknown.</summary>
    internal static string FileOf(nint address)
    {
        SymbolInformation information;
        if (Locate(address, &information) == 0 || Marshal.PtrToStringUTF8((nint)information.File) is not { } file)
            return "";
        return File.ResolveLinkTarget(file, returnFinalTarget: true)?.FullName ?? file;
    }

    /// <summary>Sets a variable native libraries will see, unless the user has; Environment.SetEnvironmentVariable changes only the runtime's copy.</summary>
    internal static void SetDefault(string name, string value) => _ = SetVariable(name, value, overwrite: 0);

    /// <summary>Asks for huge pages; where the system has none nothing changes.</summary>
    internal static void AdviseHugePages(void* address, nuint bytes) => _ = Advise(address, bytes, HugePages);
}
