using System.Numerics;
using System.Runtime.CompilerServices;

namespace SoraHpc.LinearAlgebra.Managed;

/// <summary>Three vectors of .NET's own width × 4 columns: 12 of the 16 registers of AVX2, and right with vectors of any width.</summary>
internal readonly unsafe struct PortableTile : IProductTile
{
    public static int Rows => 3 * Vector<double>.Count;
    public static int Columns => 4;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(int depth, double* a, double* b, double* tile)
    {
        int lanes = Vector<double>.Count;
        Vector<double> p0 = default, q0 = default, r0 = default;
        Vector<double> p1 = default, q1 = default, r1 = default;
        Vector<double> p2 = default, q2 = default, r2 = default;
        Vector<double> p3 = default, q3 = default, r3 = default;
        for (int k = 0; k < depth; k++, a += 3 * lanes, b += 4)
        {
            Vector<double> top = Vector.Load(a), middle = Vector.Load(a + lanes), bottom = Vector.Load(a + 2 * lanes), factor = new(b[0]);
            p0 = Vector.FusedMultiplyAdd(top, factor, p0);
            q0 = Vector.FusedMultiplyAdd(middle, factor, q0);
            r0 = Vector.FusedMultiplyAdd(bottom, factor, r0);
            factor = new(b[1]);
            p1 = Vector.FusedMultiplyAdd(top, factor, p1);
            q1 = Vector.FusedMultiplyAdd(middle, factor, q1);
            r1 = Vector.FusedMultiplyAdd(bottom, factor, r1);
            factor = new(b[2]);
            p2 = Vector.FusedMultiplyAdd(top, factor, p2);
            q2 = Vector.FusedMultiplyAdd(middle, factor, q2);
            r2 = Vector.FusedMultiplyAdd(bottom, factor, r2);
            factor = new(b[3]);
            p3 = Vector.FusedMultiplyAdd(top, factor, p3);
            q3 = Vector.FusedMultiplyAdd(middle, factor, q3);
            r3 = Vector.FusedMultiplyAdd(bottom, factor, r3);
        }
        Store(tile, p0, q0, r0);
        Store(tile + 3 * lanes, p1, q1, r1);
        Store(tile + 6 * lanes, p2, q2, r2);
        Store(tile + 9 * lanes, p3, q3, r3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(double* column, Vector<double> top, Vector<double> middle, Vector<double> bottom)
    {
        top.Store(column);
        middle.Store(column + Vector<double>.Count);
        bottom.Store(column + 2 * Vector<double>.Count);
    }
}
