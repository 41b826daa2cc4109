using System.Numerics;
using System.Runtime.InteropServices;

namespace SoraHpc.Benchmarks;

/// <summary>The system's FFTW 3 on one thread, planned by measuring: a batch of lines between two given buffers. Source: fftw3.h.</summary>
internal sealed unsafe class FftwLines
{
    private const int ForwardSign = -1;
    private const uint Measure = 0;

    private readonly delegate* unmanaged<nint, void> execute;
    private readonly nint plan;

    /// <summary>Complex lines; making the plan overwrites both buffers.</summary>
    /// <param name="stride">From a number of a line to the next.</param>
    /// <param name="distance">From a line to the next.</param>
    /// <exception cref="DllNotFoundException">It is not on this machine (Debian 12: apt install libfftw3-double3).</exception>
    internal FftwLines(int length, int lines, int stride, int distance, Complex* input, Complex* output) : this(out nint library)
    {
        var make = (delegate* unmanaged<int, int*, int, void*, int*, int, int, void*, int*, int, int, int, uint, nint>)NativeLibrary.GetExport(library, "fftw_plan_many_dft");
        plan = make(1, &length, lines, input, null, stride, distance, output, null, stride, distance, ForwardSign, Measure);
    }

    /// <summary>Real lines end to end into halves of their spectra.</summary>
    /// <inheritdoc cref="FftwLines(int, int, int, int, Complex*, Complex*)"/>
    internal FftwLines(int length, int lines, double* input, Complex* output) : this(out nint library)
    {
        var make = (delegate* unmanaged<int, int*, int, void*, int*, int, int, void*, int*, int, int, uint, nint>)NativeLibrary.GetExport(library, "fftw_plan_many_dft_r2c");
        plan = make(1, &length, lines, input, null, 1, length, output, null, 1, length / 2 + 1, Measure);
    }

    private FftwLines(out nint library)
    {
        library = NativeLibrary.Load("libfftw3.so.3");
        execute = (delegate* unmanaged<nint, void>)NativeLibrary.GetExport(library, "fftw_execute");
    }

    internal void Execute() => execute(plan);
}
