using System.Runtime.InteropServices;
using SoraHpc.Diagnostics;

namespace SoraHpc.Solvers.Fft.Fftw;

/// <summary>The functions of FFTW 3 in double precision that are used, from the system's library. Source: fftw3.h.</summary>
internal sealed unsafe class FftwLibrary
{
    internal const int ForwardSign = -1, InverseSign = 1;

    /// <summary>Plans by rule instead of by trial, so that making one overwrites nothing; and for data on any boundary.</summary>
    internal const uint Estimate = 1 << 6, Unaligned = 1 << 1;

    // The planner keeps what it learns in one place for the whole process: one thread at a time.
    internal static readonly Lock Planner = new();

    private FftwLibrary(nint library)
    {
        PlanMany = (delegate* unmanaged<int, int*, int, void*, int*, int, int, void*, int*, int, int, int, uint, nint>)NativeLibrary.GetExport(library, "fftw_plan_many_dft");
        Execute = (delegate* unmanaged<nint, void*, void*, void>)NativeLibrary.GetExport(library, "fftw_execute_dft");
        Destroy = (delegate* unmanaged<nint, void>)NativeLibrary.GetExport(library, "fftw_destroy_plan");
    }

    // Dimensions, lengths, lines; input, its whole lengths, stride, distance; output, the same; sign, flags.
    internal readonly delegate* unmanaged<int, int*, int, void*, int*, int, int, void*, int*, int, int, int, uint, nint> PlanMany;

    internal readonly delegate* unmanaged<nint, void*, void*, void> Execute;

    internal readonly delegate* unmanaged<nint, void> Destroy;

    /// <summary>Whether it is on this machine.</summary>
    internal static bool IsThere => NativeLibrary.TryLoad(FileName, out _);

    private const string FileName = "libfftw3.so.3";

    /// <exception cref="SoraException">It is not there, or is not FFTW.</exception>
    internal static FftwLibrary Load()
    {
        if (!NativeLibrary.TryLoad(FileName, out nint handle))
            throw new SoraException($"{FileName} is not on this machine: install it (Debian 12: apt install libfftw3-double3) or use our own transforms");
        try
        {
            return new(handle);
        }
        catch (EntryPointNotFoundException failure)
        {
            throw new SoraException($"{FileName} is not FFTW 3: {failure.Message.ReplaceLineEndings(" ")}");
        }
    }
}
