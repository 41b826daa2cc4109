using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SoraHpc.LinearAlgebra.Managed;

/// <summary>24 × 8 entries in 24 of the 32 vectors of 512 bits: three of A and one of B, broadcast, feed 24 products and sums.</summary>
internal readonly unsafe struct WideTile : IProductTile
{
    public static int Rows => 24;
    public static int Columns => 8;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(int depth, double* a, double* b, double* tile)
    {
        Vector512<double> p0 = default, q0 = default, r0 = default;
        Vector512<double> p1 = default, q1 = default, r1 = default;
        Vector512<double> p2 = default, q2 = default, r2 = default;
        Vector512<double> p3 = default, q3 = default, r3 = default;
        Vector512<double> p4 = default, q4 = default, r4 = default;
        Vector512<double> p5 = default, q5 = default, r5 = default;
        Vector512<double> p6 = default, q6 = default, r6 = default;
        Vector512<double> p7 = default, q7 = default, r7 = default;
        for (int k = 0; k < depth; k++, a += 24, b += 8)
        {
            Vector512<double> top = Vector512.Load(a), middle = Vector512.Load(a + 8), bottom = Vector512.Load(a + 16), factor = Vector512.Create(b[0]);
            p0 = Vector512.FusedMultiplyAdd(top, factor, p0);
            q0 = Vector512.FusedMultiplyAdd(middle, factor, q0);
            r0 = Vector512.FusedMultiplyAdd(bottom, factor, r0);
            factor = Vector512.Create(b[1]);
            p1 = Vector512.FusedMultiplyAdd(top, factor, p1);
            q1 = Vector512.FusedMultiplyAdd(middle, factor, q1);
            r1 = Vector512.FusedMultiplyAdd(bottom, factor, r1);
            factor = Vector512.Create(b[2]);
            p2 = Vector512.FusedMultiplyAdd(top, factor, p2);
            q2 = Vector512.FusedMultiplyAdd(middle, factor, q2);
            r2 = Vector512.FusedMultiplyAdd(bottom, factor, r2);
            factor = Vector512.Create(b[3]);
            p3 = Vector512.FusedMultiplyAdd(top, factor, p3);
            q3 = Vector512.FusedMultiplyAdd(middle, factor, q3);
            r3 = Vector512.FusedMultiplyAdd(bottom, factor, r3);
            factor = Vector512.Create(b[4]);
            p4 = Vector512.FusedMultiplyAdd(top, factor, p4);
            q4 = Vector512.FusedMultiplyAdd(middle, factor, q4);
            r4 = Vector512.FusedMultiplyAdd(bottom, factor, r4);
            factor = Vector512.Create(b[5]);
            p5 = Vector512.FusedMultiplyAdd(top, factor, p5);
            q5 = Vector512.FusedMultiplyAdd(middle, factor, q5);
            r5 = Vector512.FusedMultiplyAdd(bottom, factor, r5);
            factor = Vector512.Create(b[6]);
            p6 = Vector512.FusedMultiplyAdd(top, factor, p6);
            q6 = Vector512.FusedMultiplyAdd(middle, factor, q6);
            r6 = Vector512.FusedMultiplyAdd(bottom, factor, r6);
            factor = Vector512.Create(b[7]);
            p7 = Vector512.FusedMultiplyAdd(top, factor, p7);
            q7 = Vector512.FusedMultiplyAdd(middle, factor, q7);
            r7 = Vector512.FusedMultiplyAdd(bottom, factor, r7);
        }
        Store(tile, p0, q0, r0);
        Store(tile + 24, p1, q1, r1);
        Store(tile + 48, p2, q2, r2);
        Store(tile + 72, p3, q3, r3);
        Store(tile + 96, p4, q4, r4);
        Store(tile + 120, p5, q5, r5);
        Store(tile + 144, p6, q6, r6);
        Store(tile + 168, p7, q7, r7);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(double* column, Vector512<double> top, Vector512<double> middle, Vector512<double> bottom)
    {
        top.Store(column);
        middle.Store(column + 8);
        bottom.Store(column + 16);
    }
}
