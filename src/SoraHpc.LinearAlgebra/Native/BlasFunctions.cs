using System.Runtime.InteropServices;

namespace SoraHpc.LinearAlgebra.Native;

/// <summary>The routines of BLAS and LAPACK for one element type, by their Fortran symbols, which every library has.</summary>
/// <remarks>Everything is passed by address; integers have 32 bits; the lengths of character arguments, always 1, follow at the end, as
/// compilers of Fortran pass them and C code ignores them. Source: the reference LAPACK 3.11, netlib.org/lapack.</remarks>
internal sealed unsafe class BlasFunctions
{
    // Transposition of A, of B; m, n, k, α, A, its leading dimension, B, …, β, C, ….
    internal readonly delegate* unmanaged<byte*, byte*, int*, int*, int*, void*, void*, int*, void*, int*, void*, void*, int*, nint, nint, void> Gemm;

    // Transposition, m, n, α, A, its leading dimension, x, increment, β, y, increment.
    internal readonly delegate* unmanaged<byte*, int*, int*, void*, void*, int*, void*, int*, void*, void*, int*, nint, void> Gemv;

    // n, α, x, increment, y, increment.
    internal readonly delegate* unmanaged<int*, void*, void*, int*, void*, int*, void> Axpy;

    // n, α, x, increment.
    internal readonly delegate* unmanaged<int*, void*, void*, int*, void> Scal;

    // Side, triangle, transposition, unit diagonal; m, n, α, A, its leading dimension, B, ….
    internal readonly delegate* unmanaged<byte*, byte*, byte*, byte*, int*, int*, void*, void*, int*, void*, int*, nint, nint, nint, nint, void> Trsm;

    // Triangle, transposition, n, k, α, A, its leading dimension, β, C, ….
    internal readonly delegate* unmanaged<byte*, byte*, int*, int*, void*, void*, int*, void*, void*, int*, nint, nint, void> Syrk;

    // m, n, A, its leading dimension, pivots, info.
    internal readonly delegate* unmanaged<int*, int*, void*, int*, int*, int*, void> Getrf;

    // Transposition, n, right sides, factors, their leading dimension, pivots, B, …, info.
    internal readonly delegate* unmanaged<byte*, int*, int*, void*, int*, int*, void*, int*, int*, nint, void> Getrs;

    // n, factors, their leading dimension, pivots, work, its length, info.
    internal readonly delegate* unmanaged<int*, void*, int*, int*, void*, int*, int*, void> Getri;

    // Triangle, n, A, its leading dimension, info.
    internal readonly delegate* unmanaged<byte*, int*, void*, int*, int*, nint, void> Potrf;

    // Triangle, n, right sides, factor, its leading dimension, B, …, info.
    internal readonly delegate* unmanaged<byte*, int*, int*, void*, int*, void*, int*, int*, nint, void> Potrs;

    // m, n, A, its leading dimension, τ, work, its length, info.
    internal readonly delegate* unmanaged<int*, int*, void*, int*, void*, void*, int*, int*, void> Geqrf;

    // m, n, reflectors, A, its leading dimension, τ, work, its length, info. ORGQR; UNGQR for complex numbers.
    internal readonly delegate* unmanaged<int*, int*, int*, void*, int*, void*, void*, int*, int*, void> Orgqr;

    // Job, m, n, A, its leading dimension, s, U, …, Vᴴ, …, work, its length, integer work, info.
    internal readonly delegate* unmanaged<byte*, int*, int*, void*, int*, void*, void*, int*, void*, int*, void*, int*, int*, int*, nint, void> GesddReal;

    // The same with real work before the integer work.
    internal readonly delegate* unmanaged<byte*, int*, int*, void*, int*, void*, void*, int*, void*, int*, void*, int*, void*, int*, int*, nint, void> GesddComplex;

    // Job, triangle, n, A, its leading dimension, values, work, its length, integer work, its length, info.
    internal readonly delegate* unmanaged<byte*, byte*, int*, void*, int*, void*, void*, int*, int*, int*, int*, nint, nint, void> Syevd;

    // The same with real work and its length before the integer work.
    internal readonly delegate* unmanaged<byte*, byte*, int*, void*, int*, void*, void*, int*, void*, int*, int*, int*, int*, nint, nint, void> Heevd;

    // Jobs for left and right vectors, n, A, its leading dimension, real and imaginary parts of the values, left vectors, …, right vectors, …,
    // work, its length, info.
    internal readonly delegate* unmanaged<byte*, byte*, int*, void*, int*, void*, void*, void*, int*, void*, int*, void*, int*, int*, nint, nint, void> GeevReal;

    // The same with complex values, and real work after the work.
    internal readonly delegate* unmanaged<byte*, byte*, int*, void*, int*, void*, void*, int*, void*, int*, void*, int*, void*, int*, nint, nint, void> GeevComplex;

    /// <summary>Whether a Cholesky factor is made faster from <see cref="Syrk"/> and <see cref="Trsm"/> than by <see cref="Potrf"/>.</summary>
    internal bool FactorsBestInParts { get; init; }

    /// <param name="blas">Library that has the matrix products.</param>
    /// <param name="lapack">Library that has the factorisations; often the same.</param>
    /// <param name="prefix">s, d, c or z.</param>
    /// <exception cref="EntryPointNotFoundException">A routine is missing.</exception>
    internal BlasFunctions(nint blas, nint lapack, char prefix)
    {
        bool complex = prefix is 'c' or 'z';
        Gemm = (delegate* unmanaged<byte*, byte*, int*, int*, int*, void*, void*, int*, void*, int*, void*, void*, int*, nint, nint, void>)Blas("gemm");
        Gemv = (delegate* unmanaged<byte*, int*, int*, void*, void*, int*, void*, int*, void*, void*, int*, nint, void>)Blas("gemv");
        Axpy = (delegate* unmanaged<int*, void*, void*, int*, void*, int*, void>)Blas("axpy");
        Scal = (delegate* unmanaged<int*, void*, void*, int*, void>)Blas("scal");
        Trsm = (delegate* unmanaged<byte*, byte*, byte*, byte*, int*, int*, void*, void*, int*, void*, int*, nint, nint, nint, nint, void>)Blas("trsm");
        Syrk = (delegate* unmanaged<byte*, byte*, int*, int*, void*, void*, int*, void*, void*, int*, nint, nint, void>)Blas("syrk");
        Getrf = (delegate* unmanaged<int*, int*, void*, int*, int*, int*, void>)Lapack("getrf");
        Getrs = (delegate* unmanaged<byte*, int*, int*, void*, int*, int*, void*, int*, int*, nint, void>)Lapack("getrs");
        Getri = (delegate* unmanaged<int*, void*, int*, int*, void*, int*, int*, void>)Lapack("getri");
        Potrf = (delegate* unmanaged<byte*, int*, void*, int*, int*, nint, void>)Lapack("potrf");
        Potrs = (delegate* unmanaged<byte*, int*, int*, void*, int*, void*, int*, int*, nint, void>)Lapack("potrs");
        Geqrf = (delegate* unmanaged<int*, int*, void*, int*, void*, void*, int*, int*, void>)Lapack("geqrf");
        Orgqr = (delegate* unmanaged<int*, int*, int*, void*, int*, void*, void*, int*, int*, void>)Lapack(complex ? "ungqr" : "orgqr");
        nint gesdd = Lapack("gesdd"), eigen = Lapack(complex ? "heevd" : "syevd"), geev = Lapack("geev");
        if (complex)
        {
            GesddComplex = (delegate* unmanaged<byte*, int*, int*, void*, int*, void*, void*, int*, void*, int*, void*, int*, void*, int*, int*, nint, void>)gesdd;
            Heevd = (delegate* unmanaged<byte*, byte*, int*, void*, int*, void*, void*, int*, void*, int*, int*, int*, int*, nint, nint, void>)eigen;
            GeevComplex = (delegate* unmanaged<byte*, byte*, int*, void*, int*, void*, void*, int*, void*, int*, void*, int*, void*, int*, nint, nint, void>)geev;
        }
        else
        {
            GesddReal = (delegate* unmanaged<byte*, int*, int*, void*, int*, void*, void*, int*, void*, int*, void*, int*, int*, int*, nint, void>)gesdd;
            Syevd = (delegate* unmanaged<byte*, byte*, int*, void*, int*, void*, void*, int*, int*, int*, int*, nint, nint, void>)eigen;
            GeevReal = (delegate* unmanaged<byte*, byte*, int*, void*, int*, void*, void*, void*, int*, void*, int*, void*, int*, int*, nint, nint, void>)geev;
        }

        nint Blas(string name) => NativeLibrary.GetExport(blas, $"{prefix}{name}_");
        nint Lapack(string name) => NativeLibrary.GetExport(lapack, $"{prefix}{name}_");
    }
}
