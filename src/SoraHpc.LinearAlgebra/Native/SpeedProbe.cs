using System.Diagnostics;

namespace SoraHpc.LinearAlgebra.Native;

/// <summary>How fast a library multiplies: a few milliseconds that decide between libraries.</summary>
internal static unsafe class SpeedProbe
{
    private const int Order = 384, Repetitions = 5;

    /// <summary>Flops a second of DGEMM, the best of five after one that starts the library's threads.</summary>
    internal static double Measure(NativeLibraryPair library, int threads)
    {
        _ = library.SetThreads(threads);
        using Workspace memory = new(3L * Order * Order * sizeof(double));
        double* a = (double*)memory.Address, b = a + Order * Order, product = b + Order * Order;
        for (int i = 0; i < 2 * Order * Order; i++)
            a[i] = i % 13 * 0.25;
        double best = double.PositiveInfinity;
        for (int repetition = 0; repetition <= Repetitions; repetition++)
        {
            long begun = Stopwatch.GetTimestamp();
            Multiply(library.Double, a, b, product);
            if (repetition > 0)
                best = Math.Min(best, Stopwatch.GetElapsedTime(begun).TotalSeconds);
        }
        _ = library.SetThreads(1);                      // one that is not chosen keeps no thread waiting
        return 2.0 * Order * Order * Order / best;
    }

    private static void Multiply(BlasFunctions functions, double* a, double* b, double* product)
    {
        int order = Order;
        double one = 1, zero = 0;
        byte no = (byte)'N';
        functions.Gemm(&no, &no, &order, &order, &order, &one, a, &order, b, &order, &zero, product, &order, 1, 1);
    }
}
