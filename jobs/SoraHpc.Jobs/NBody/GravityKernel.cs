using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SoraHpc.Jobs.NBody;

/// <summary>What sources do to a target: acceleration and potential of softened point masses, and of cells with second moments, eight at a time.</summary>
/// <remarks>
/// Every processor computes the same bits: lanes are always eight, whatever registers there are, multiply-adds are fused, and the inverse square
/// root is made of them alone.
/// </remarks>
internal static unsafe class GravityKernel
{
    /// <summary>Sources are taken by this many; lists are filled up with sources without mass.</summary>
    internal const int Lanes = 8;

    // Half the exponent, and an error below 3.5 % (after C. Lomont, Fast inverse square root, 2003).
    private const long FirstGuess = 0x5FE6_EB50_C7B5_37A9;

    /// <summary>1 / √x of positive normal numbers, to two units in the last place.</summary>
    // y (1 − h)^(−1/2) with h = 1 − x y², expanded to h³: two rounds take 3.5 % to 10⁻⁵ and that below rounding. As fast again as
    // square root and division, which occupy their unit for some 25 cycles.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<double> InverseRoot(Vector512<double> x)
    {
        Vector512<double> y = (Vector512.Create(FirstGuess) - (x.AsInt64() >>> 1)).AsDouble();
        y = Refine(x, y);
        return Refine(x, y);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Refine(Vector512<double> x, Vector512<double> y)
    {
        Vector512<double> h = Vector512.FusedMultiplyAdd(-(x * y), y, Vector512<double>.One);
        Vector512<double> series = Vector512.FusedMultiplyAdd(h, Vector512.Create(5.0 / 16), Vector512.Create(3.0 / 8));
        series = Vector512.FusedMultiplyAdd(h, series, Vector512.Create(0.5));
        return Vector512.FusedMultiplyAdd(y * h, series, y);
    }

    /// <summary>Adds what point masses do.</summary>
    /// <param name="x">Rows of coordinates and masses, one <paramref name="stride"/> apart: x, y, z, m.</param>
    /// <param name="count">A multiple of <see cref="Lanes"/>.</param>
    /// <param name="softeningSquared">ε².</param>
    // 32 B read a source, from the first- or second-level cache where lists are; 26 operations for eight sources.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void AddBodies(double* x, nint stride, int count, double softeningSquared, in Target target, ref Pull pull)
    {
        Vector512<double> atX = Vector512.Create(target.X), atY = Vector512.Create(target.Y), atZ = Vector512.Create(target.Z), soft = Vector512.Create(softeningSquared);
        (Vector512<double> ax, Vector512<double> ay, Vector512<double> az, Vector512<double> phi) = (pull.X, pull.Y, pull.Z, pull.Potential);
        double* y = x + stride, z = y + stride, m = z + stride;
        for (int i = 0; i < count; i += Lanes)
        {
            Vector512<double> dx = Vector512.Load(x + i) - atX, dy = Vector512.Load(y + i) - atY, dz = Vector512.Load(z + i) - atZ;
            Vector512<double> r2 = Vector512.FusedMultiplyAdd(dx, dx, Vector512.FusedMultiplyAdd(dy, dy, Vector512.FusedMultiplyAdd(dz, dz, soft)));
            Vector512<double> inverse = InverseRoot(r2), mass = Vector512.Load(m + i) * inverse;
            phi -= mass;
            mass *= inverse * inverse;
            ax = Vector512.FusedMultiplyAdd(mass, dx, ax);
            ay = Vector512.FusedMultiplyAdd(mass, dy, ay);
            az = Vector512.FusedMultiplyAdd(mass, dz, az);
        }
        (pull.X, pull.Y, pull.Z, pull.Potential) = (ax, ay, az, phi);
    }

    /// <summary>Adds what cells do: φ = −M/r − (d·A d / r⁵ − tr A / 3r³) / 2 with A three times the second moments and r² = d² + ε².</summary>
    /// <param name="x">Rows, one <paramref name="stride"/> apart: x, y, z, mass, and A's xx, yy, zz, xy, xz, yz.</param>
    /// <param name="count">A multiple of <see cref="Lanes"/>.</param>
    /// <param name="softeningSquared">ε².</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void AddCells(double* x, nint stride, int count, double softeningSquared, in Target target, ref Pull pull)
    {
        Vector512<double> atX = Vector512.Create(target.X), atY = Vector512.Create(target.Y), atZ = Vector512.Create(target.Z), soft = Vector512.Create(softeningSquared);
        (Vector512<double> ax, Vector512<double> ay, Vector512<double> az, Vector512<double> phi) = (pull.X, pull.Y, pull.Z, pull.Potential);
        for (int i = 0; i < count; i += Lanes)
        {
            double* source = x + i;
            Vector512<double> dx = Row(source, 0, stride) - atX, dy = Row(source, 1, stride) - atY, dz = Row(source, 2, stride) - atZ;
            Vector512<double> r2 = Vector512.FusedMultiplyAdd(dx, dx, Vector512.FusedMultiplyAdd(dy, dy, Vector512.FusedMultiplyAdd(dz, dz, soft)));
            Vector512<double> inverse = InverseRoot(r2), inverse2 = inverse * inverse, inverse3 = inverse * inverse2, inverse5 = inverse3 * inverse2;
            Vector512<double> xx = Row(source, 4, stride), yy = Row(source, 5, stride), zz = Row(source, 6, stride);
            Vector512<double> xy = Row(source, 7, stride), xz = Row(source, 8, stride), yz = Row(source, 9, stride);
            Vector512<double> qx = Vector512.FusedMultiplyAdd(xx, dx, Vector512.FusedMultiplyAdd(xy, dy, xz * dz));
            Vector512<double> qy = Vector512.FusedMultiplyAdd(xy, dx, Vector512.FusedMultiplyAdd(yy, dy, yz * dz));
            Vector512<double> qz = Vector512.FusedMultiplyAdd(xz, dx, Vector512.FusedMultiplyAdd(yz, dy, zz * dz));
            Vector512<double> dQd = Vector512.FusedMultiplyAdd(dx, qx, Vector512.FusedMultiplyAdd(dy, qy, dz * qz)) * inverse5;
            Vector512<double> trace = (xx + yy + zz) * inverse3 * 0.5, mass = Row(source, 3, stride) * inverse;
            phi -= Vector512.FusedMultiplyAdd(dQd, Vector512.Create(0.5), mass) - trace * (1.0 / 3);
            Vector512<double> along = Vector512.FusedMultiplyAdd(dQd, Vector512.Create(2.5), mass - trace) * inverse2;
            ax += Vector512.FusedMultiplyAdd(along, dx, -(inverse5 * qx));
            ay += Vector512.FusedMultiplyAdd(along, dy, -(inverse5 * qy));
            az += Vector512.FusedMultiplyAdd(along, dz, -(inverse5 * qz));
        }
        (pull.X, pull.Y, pull.Z, pull.Potential) = (ax, ay, az, phi);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Row(double* first, int row, nint stride) => Vector512.Load(first + row * stride);

    /// <summary>Where accelerations are wanted.</summary>
    internal readonly record struct Target(double X, double Y, double Z);

    /// <summary>Sums of each lane; <see cref="Vector512.Sum{T}(Vector512{T})"/> promises no order, so <see cref="SumOf"/> joins them.</summary>
    internal struct Pull
    {
        internal Vector512<double> X, Y, Z, Potential;
    }

    /// <summary>The lanes' sum, in the same order everywhere.</summary>
    internal static double SumOf(Vector512<double> lanes)
    {
        Vector256<double> half = lanes.GetLower() + lanes.GetUpper();
        Vector128<double> quarter = half.GetLower() + half.GetUpper();
        return quarter[0] + quarter[1];
    }
}
