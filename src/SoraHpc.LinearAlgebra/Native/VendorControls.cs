using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SoraHpc.LinearAlgebra.Native;

/// <summary>The calls beside BLAS and LAPACK that differ between vendors: version, threads, layers. Recognised by their exports, not by a file's name.</summary>
internal sealed unsafe class VendorControls
{
    // Values of mkl_service.h.
    private const int MklLp64 = 0, MklIntelThreads = 0, MklSequential = 1, MklGnuThreads = 3;

    private readonly delegate* unmanaged<nint, void> setThreads;       // BLIS takes 64 bits; the others read the low half
    private readonly int mostThreads;

    private VendorControls(string name, string version, nint setThreads, (string Name, string Value)[] settings, int mostThreads = int.MaxValue, string restriction = "")
    {
        (Name, Version, Settings, Restriction, this.mostThreads) = (name, version, settings, restriction, mostThreads);
        this.setThreads = (delegate* unmanaged<nint, void>)setThreads;
    }

    /// <summary>"MKL", "OpenBLAS", "BLIS", or "reference" for one that is none of them.</summary>
    internal string Name { get; }

    /// <summary>As the library describes itself.</summary>
    internal string Version { get; }

    /// <summary>Environment variables that make the library the same in another program, its threads excepted.</summary>
    internal IReadOnlyList<(string Name, string Value)> Settings { get; }

    /// <summary>Why it is slower than it could be; empty when it is not.</summary>
    internal string Restriction { get; }

    /// <summary>Whether its Cholesky factorisation is slower than its products and triangular solutions, see <see cref="NativeCholesky{T}"/>.</summary>
    internal bool FactorsBestInParts => Name == "OpenBLAS";

    /// <summary>What a library must find in the C environment when it is loaded; what the user set stands.</summary>
    internal static void PrepareEnvironment()
    {
        // An OpenBLAS older than the processor takes an AMD one with AVX-512 for a Haswell and leaves half of each vector unused: 61 against
        // 105 GF/s in DGEMM on one core of a Zen 5. The kernels for Skylake-X need no more than these extensions.
        if (Avx512F.IsSupported && Avx512BW.IsSupported && Avx512DQ.IsSupported && Avx512CD.IsSupported && Avx512F.VL.IsSupported && IsAmd())
            NativeLoader.SetDefault("OPENBLAS_CORETYPE", "SkylakeX");
    }

    internal static VendorControls Of(nint library)
    {
        if (NativeLibrary.TryGetExport(library, "MKL_Set_Threading_Layer", out nint threadingLayer))
            return Mkl(library, (delegate* unmanaged<int, int>)threadingLayer);
        if (NativeLibrary.TryGetExport(library, "openblas_get_config", out nint config))
            return OpenBlas(library, (delegate* unmanaged<byte*>)config);
        if (NativeLibrary.TryGetExport(library, "bli_thread_set_num_threads", out nint blisThreads))
            return new("BLIS", $"BLIS {Text(library, "bli_info_get_version_str")}", blisThreads, []);
        return new("reference", "reference BLAS", setThreads: 0, [], mostThreads: 1, "it has one thread");
    }

    /// <returns>Threads there will be.</returns>
    internal int SetThreads(int threads)
    {
        threads = Math.Min(threads, mostThreads);
        if (setThreads is not null)
            setThreads(threads);
        return threads;
    }

    private static VendorControls OpenBlas(nint library, delegate* unmanaged<byte*> config)
    {
        string described = Marshal.PtrToStringUTF8((nint)config())?.Trim() ?? "OpenBLAS";
        string core = Text(library, "openblas_get_corename");
        string version = core.Length == 0 || described.Contains(core, StringComparison.OrdinalIgnoreCase) ? described : $"{described} (core {core})";
        return new("OpenBLAS", version, NativeLibrary.GetExport(library, "openblas_set_num_threads"),
            core.Length > 0 ? [("OPENBLAS_CORETYPE", core)] : [], restriction: Narrow(core) ?
                $"OpenBLAS computes for a {core} because OPENBLAS_CORETYPE says so, and leaves the 512-bit vectors of this processor unused: unset the variable" : "");
    }

    private static bool Narrow(string core) => Vector512.IsHardwareAccelerated && core.Length > 0
        && Environment.GetEnvironmentVariable("OPENBLAS_CORETYPE") is { Length: > 0 }
        && core is not ("SkylakeX" or "Cooperlake" or "SapphireRapids");

    // The single library of MKL loads the rest of itself at the first call, and ends the process when a part is missing: so the layers are
    // chosen before, and only from what is there. Its threads call OpenMP without naming a library: one must be there for all to see.
    private static VendorControls Mkl(nint library, delegate* unmanaged<int, int> setThreadingLayer)
    {
        if (NativeLibrary.TryGetExport(library, "MKL_Set_Interface_Layer", out nint setInterfaceLayer))
            _ = ((delegate* unmanaged<int, int>)setInterfaceLayer)(MklLp64);
        int asked = HasPart((nint)setThreadingLayer, "libmkl_gnu_thread.so") && NativeLoader.LoadForAll("libgomp.so.1") ? MklGnuThreads
            : HasPart((nint)setThreadingLayer, "libmkl_intel_thread.so") && NativeLoader.LoadForAll("libiomp5.so") ? MklIntelThreads
            : MklSequential;
        int layer = setThreadingLayer(asked);
        byte* text = stackalloc byte[256];
        ((delegate* unmanaged<byte*, int, void>)NativeLibrary.GetExport(library, "MKL_Get_Version_String"))(text, 256);
        string version = Marshal.PtrToStringUTF8((nint)text, 255).Split('\0')[0].Trim();
        (string, string)[] settings = [("MKL_INTERFACE_LAYER", "LP64"), ("MKL_THREADING_LAYER", layer == MklSequential ? "SEQUENTIAL" : layer == MklGnuThreads ? "GNU" : "INTEL")];
        return layer == MklSequential
            ? new("MKL", version, setThreads: 0, settings, mostThreads: 1, "MKL has one thread here: neither libgomp.so.1 nor libiomp5.so is installed")
            : new("MKL", version, NativeLibrary.GetExport(library, "MKL_Set_Num_Threads"), settings);
    }

    // A part of MKL cannot be loaded before the parts it calls, so its file is looked for; parts carry a number since 2021.
    private static bool HasPart(nint address, string file) =>
        new[] { file, $"{file}.2", $"{file}.1" }.Any(name => File.Exists(Path.Combine(Path.GetDirectoryName(NativeLoader.FileOf(address)) ?? "", name)));

    private static string Text(nint library, string function) => NativeLibrary.TryGetExport(library, function, out nint address)
        ? Marshal.PtrToStringUTF8((nint)((delegate* unmanaged<byte*>)address)())?.Trim() ?? "" : "";

    private static bool IsAmd() => X86Base.CpuId(0, 0).Ebx == 0x68747541;       // "Auth"enticAMD
}
