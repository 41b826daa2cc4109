using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using SoraHpc.Communication;
using SoraHpc.Communication.Reductions;

namespace SoraHpc.Jobs.Npb.Cg;

/// <summary>
/// Inner products over all ranks with the same bits on any number of them: every block of rows is summed in a fixed order, and the
/// sums of blocks, which ranks never cut, are added exactly.
/// </summary>
internal sealed unsafe class CgDot(Communicator world)
{
    /// <summary>Rows of a block.</summary>
    internal const int Block = 32;

    private readonly ExactSum sum = new();

    /// <summary>Σ a_i·b_i over all ranks. Collective.</summary>
    internal double Of(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        sum.Clear();
        for (int at = 0; at < a.Length; at += Block)
            sum.Add(Block <= a.Length - at ? OfBlock(a.Slice(at, Block), b.Slice(at, Block)) : OfRest(a[at..], b[at..]));
        return sum.Allreduce(world);
    }

    private static double OfBlock(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        Vector512<double> lanes = Vector512.Create(a) * Vector512.Create(b);
        for (int i = Vector512<double>.Count; i < Block; i += Vector512<double>.Count)
            lanes += Vector512.Create(a[i..]) * Vector512.Create(b[i..]);
        return Vector512.Sum(lanes);
    }

    private static double OfRest(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double rest = 0;
        for (int i = 0; i < a.Length; i++)
            rest += a[i] * b[i];
        return rest;
    }
}
