using System.Diagnostics;

namespace SoraHpc.LinearAlgebra.Native;

/// <summary>How fast a library multiplies: a few milliseconds that decide between libraries.</summary>
internal static unsafe class SpeedProbe
{
    // OpenBLAS's threads wait for the next product busily, for some 20 ms, before they leave the cores to others.
    private const int Order = 384, Repetitions = 5, IdleMilliseconds = 25;

    /// <summary>Flops a second of DGEMM in each: the best of five turns after one that starts the library's threads. They take turns, so that what else the machine does
    /// slows none alone.</summary>
    internal static double[] Measure(IReadOnlyList<NativeLibraryPair> libraries, int threads)
    {
        using Workspace memory = new(3L * Order * Order * sizeof(double));
        double* a = (double*)memory.Address, b = a + Order * Order, product = b + Order * Order;
        for (int i = 0; i < 2 * Order * Order; i++)
            a[i] = i % 13 * 0.25;
        double[] best = [.. libraries.Select(_ => double.PositiveInfinity)];
        for (int repetition = 0; repetition <= Repetitions; repetition++)
            for (int i = 0; i < best.Length; i++)
            {
                _ = libraries[i].SetThreads(threads);
                long begun = Stopwatch.GetTimestamp();
                Multiply(libraries[i].Double, a, b, product);
                if (repetition > 0)
                    best[i] = Math.Min(best[i], Stopwatch.GetElapsedTime(begun).TotalSeconds);
                _ = libraries[i].SetThreads(1);
                if (threads > 1)
                    Thread.Sleep(IdleMilliseconds);
            }
        return [.. best.Select(seconds => 2.0 * Order * Order * Order / seconds)];
    }

    private static void Multiply(BlasFunctions functions, double* a, double* b, double* product)
    {
        int order = Order;
        double one = 1, zero = 0;
        byte no = (byte)'N';
        functions.Gemm(&no, &no, &order, &order, &order, &one, a, &order, b, &order, &zero, product, &order, 1, 1);
    }
}
