using System.Runtime.Intrinsics;

namespace SoraHpc.Solvers.Vectors;

/// <summary>
/// Loops over one rank's rows. Each element is made by the same fused operations in the vector part and in the tail, so its bits do
/// not depend on where in an array it lies. Vector512 is two of 256 bits, or four of 128, where the processor has no wider ones.
/// </summary>
internal static unsafe class VectorKernels
{
    private const int Lanes = 8;

    // Traffic per element: read y, write y.
    internal static void Scale(double* y, double a, int n)
    {
        Vector512<double> factor = Vector512.Create(a);
        int i = 0;
        for (; i <= n - Lanes; i += Lanes)
            (factor * Vector512.Load(y + i)).Store(y + i);
        for (; i < n; i++)
            y[i] = a * y[i];
    }

    // Traffic per element: read x and y, write y: 24 B.
    internal static void Axpy(double* y, double a, double* x, int n) => Waxpy(y, y, a, x, n);

    internal static void Aypx(double* y, double b, double* x, int n) => Waxpy(y, x, b, y, n);

    /// <summary>w = x + a·y.</summary>
    internal static void Waxpy(double* w, double* x, double a, double* y, int n)
    {
        Vector512<double> factor = Vector512.Create(a);
        int i = 0;
        for (; i <= n - 2 * Lanes; i += 2 * Lanes)
        {
            Vector512.FusedMultiplyAdd(factor, Vector512.Load(y + i), Vector512.Load(x + i)).Store(w + i);
            Vector512.FusedMultiplyAdd(factor, Vector512.Load(y + i + Lanes), Vector512.Load(x + i + Lanes)).Store(w + i + Lanes);
        }
        for (; i < n; i++)
            w[i] = Math.FusedMultiplyAdd(a, y[i], x[i]);
    }

    /// <summary>z = x·y, element by element.</summary>
    internal static void Multiply(double* z, double* x, double* y, int n)
    {
        int i = 0;
        for (; i <= n - Lanes; i += Lanes)
            (Vector512.Load(x + i) * Vector512.Load(y + i)).Store(z + i);
        for (; i < n; i++)
            z[i] = x[i] * y[i];
    }

    /// <summary>x += a·p and r −= a·q in one pass; returns r·r of this rank. Traffic per element: four reads, two writes: 48 B.</summary>
    internal static double StepAndSquare(double* x, double* r, double a, double* p, double* q, int n)
    {
        Vector512<double> forward = Vector512.Create(a), back = Vector512.Create(-a), sum0 = default, sum1 = default;
        int i = 0;
        for (; i <= n - 2 * Lanes; i += 2 * Lanes)
        {
            Vector512.FusedMultiplyAdd(forward, Vector512.Load(p + i), Vector512.Load(x + i)).Store(x + i);
            Vector512.FusedMultiplyAdd(forward, Vector512.Load(p + i + Lanes), Vector512.Load(x + i + Lanes)).Store(x + i + Lanes);
            Vector512<double> r0 = Vector512.FusedMultiplyAdd(back, Vector512.Load(q + i), Vector512.Load(r + i));
            Vector512<double> r1 = Vector512.FusedMultiplyAdd(back, Vector512.Load(q + i + Lanes), Vector512.Load(r + i + Lanes));
            r0.Store(r + i);
            r1.Store(r + i + Lanes);
            sum0 = Vector512.FusedMultiplyAdd(r0, r0, sum0);
            sum1 = Vector512.FusedMultiplyAdd(r1, r1, sum1);
        }
        double sum = Vector512.Sum(sum0 + sum1);
        for (; i < n; i++)
        {
            x[i] = Math.FusedMultiplyAdd(a, p[i], x[i]);
            r[i] = Math.FusedMultiplyAdd(-a, q[i], r[i]);
            sum = Math.FusedMultiplyAdd(r[i], r[i], sum);
        }
        return sum;
    }

    /// <summary>x·y of this rank, in four vectors of partial sums. Traffic per element: 16 B; 8 where x is y.</summary>
    internal static double Dot(double* x, double* y, int n)
    {
        Vector512<double> sum0 = default, sum1 = default, sum2 = default, sum3 = default;
        int i = 0;
        for (; i <= n - 4 * Lanes; i += 4 * Lanes)
        {
            sum0 = Vector512.FusedMultiplyAdd(Vector512.Load(x + i), Vector512.Load(y + i), sum0);
            sum1 = Vector512.FusedMultiplyAdd(Vector512.Load(x + i + Lanes), Vector512.Load(y + i + Lanes), sum1);
            sum2 = Vector512.FusedMultiplyAdd(Vector512.Load(x + i + 2 * Lanes), Vector512.Load(y + i + 2 * Lanes), sum2);
            sum3 = Vector512.FusedMultiplyAdd(Vector512.Load(x + i + 3 * Lanes), Vector512.Load(y + i + 3 * Lanes), sum3);
        }
        double sum = Vector512.Sum(sum0 + sum1 + (sum2 + sum3));
        for (; i < n; i++)
            sum = Math.FusedMultiplyAdd(x[i], y[i], sum);
        return sum;
    }
}
