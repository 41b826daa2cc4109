using System.Numerics;
using System.Runtime.InteropServices;
using MathNet.Numerics;

namespace SoraHpc.LinearAlgebra.Native;

/// <summary>A loaded BLAS and the LAPACK that goes with it: often one file. Identified by what it exports, checked before use.</summary>
internal sealed unsafe class NativeLibraryPair
{
    private const string SystemLapack = "liblapack.so.3";

    private readonly VendorControls[] controls;

    private NativeLibraryPair(nint blas, nint lapack, VendorControls[] controls)
    {
        this.controls = controls;
        bool inParts = controls.All(control => control.FactorsBestInParts);         // the products are the BLAS's, the routine they replace is the LAPACK's
        Double = new(blas, lapack, Element<double>.Prefix) { FactorsBestInParts = inParts };
        Single = new(blas, lapack, Element<float>.Prefix) { FactorsBestInParts = inParts };
        Complex = new(blas, lapack, Element<Complex>.Prefix);
        Complex32 = new(blas, lapack, Element<Complex32>.Prefix);
        BlasPath = NativeLoader.FileOf((nint)Double.Gemm);
        LapackPath = NativeLoader.FileOf((nint)Double.Getrf);
    }

    internal BlasFunctions Double { get; }
    internal BlasFunctions Single { get; }
    internal BlasFunctions Complex { get; }
    internal BlasFunctions Complex32 { get; }

    /// <summary>File of the matrix products, links resolved.</summary>
    internal string BlasPath { get; }

    /// <summary>File of the factorisations.</summary>
    internal string LapackPath { get; }

    /// <summary>The library's own name and configuration, in one line.</summary>
    internal string Version => string.Join("; LAPACK over ", controls.Select(control => control.Version));

    /// <summary>Why it is slower than it could be; empty when it is not.</summary>
    internal string Restriction => string.Join("; ", controls.Select(control => control.Restriction).Where(text => text.Length > 0).Distinct());

    /// <summary>Environment variables that make another program compute the same way.</summary>
    internal IEnumerable<(string Name, string Value)> Settings => controls.SelectMany(control => control.Settings);

    /// <summary>Loads the first of these files that is there. Null where none can be used, with the reason.</summary>
    internal static NativeLibraryPair? Load(IEnumerable<string> files, out string reason)
    {
        VendorControls.PrepareEnvironment();
        reason = "";
        foreach (string file in files)
        {
            nint blas = NativeLoader.Load(file, out string error);
            if (blas != 0)
                return Check(blas, file, out reason);
            reason = reason.Length == 0 ? error.ReplaceLineEndings(" ") : reason;
        }
        return null;
    }

    private static NativeLibraryPair? Check(nint blas, string file, out string reason)
    {
        nint lapack = blas;
        if (!NativeLibrary.TryGetExport(blas, "dgetrf_", out _) && (lapack = NativeLoader.Load(SystemLapack, out string error)) == 0)
        {
            reason = $"{file} has no LAPACK, and {error}";
            return null;
        }
        try
        {
            var controls = VendorControls.Of(blas);
            NativeLibraryPair pair = new(blas, lapack, lapack == blas ? [controls] : [controls, VendorControls.Of(lapack)]);
            reason = pair.HasWideIntegers() ? $"{file} takes 64-bit integers, and these would be read past their end: use its build of 32-bit integers (LP64)"
                : !pair.MultipliesRightly() ? $"{file} multiplies two matrices of whole numbers wrongly: it is broken, or built for another processor"
                : "";
            return reason.Length == 0 ? pair : null;
        }
        catch (EntryPointNotFoundException missing)
        {
            reason = $"{file} is no full BLAS and LAPACK: {missing.Message.ReplaceLineEndings(" ")}";
            return null;
        }
    }

    /// <summary>Threads in one call from now on; returns how many there will be.</summary>
    internal int SetThreads(int threads) => controls.Min(control => control.SetThreads(threads));

    // A length of 2 in its low half and −1 in its high half is negative, and so no work, to a library of 64-bit integers.
    private bool HasWideIntegers()
    {
        int* length = stackalloc int[] { 2, -1 }, increment = stackalloc int[] { 1, 0 };
        double* values = stackalloc double[] { 3, 5 };
        double factor = 2;
        Double.Scal(length, &factor, values, increment);
        return values[1] != 10;
    }

    private bool MultipliesRightly()
    {
        const int Order = 40;
        double* a = stackalloc double[Order * Order], product = stackalloc double[Order * Order];
        for (int i = 0; i < Order * Order; i++)
            a[i] = i % 7 - 3;
        int order = Order;
        double one = 1, zero = 0;
        byte no = (byte)'N';
        Double.Gemm(&no, &no, &order, &order, &order, &one, a, &order, a, &order, &zero, product, &order, 1, 1);
        for (int column = 0; column < Order; column++)
            for (int row = 0; row < Order; row++)
            {
                double sum = 0;
                for (int k = 0; k < Order; k++)
                    sum += a[k * Order + row] * a[column * Order + k];
                if (product[column * Order + row] != sum)
                    return false;
            }
        return true;
    }
}
