using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SoraHpc.Solvers.RandomNumbers;

/// <summary>
/// An endless sequence of random numbers in which every one is found by its position: element 10¹² costs what element 0 costs. Ranks that
/// ask by global index get the same bits however the work is cut, on any host.
/// </summary>
/// <param name="seed">The run's seed: the key of <see cref="Philox"/>.</param>
/// <param name="stream">Which sequence of the seed: one for every independent use.</param>
/// <remarks>
/// Sixteen numbers make a group: the lower halves of eight consecutive Philox blocks, then their upper halves, so that whole vectors are
/// stored as they are made. Uniform numbers are odd multiples of 2⁻⁵³, so neither 0 nor 1 occurs. Of a sequence take either uniform
/// or normal numbers at a position, not both: they are made of the same bits.
/// </remarks>
public readonly struct RandomSequence(ulong seed, ulong stream = 0)
{
    private const int Lanes = 8, Group = 2 * Lanes;

    /// <summary>64 random bits at a position ≥ 0.</summary>
    public ulong BitsAt(long position)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        ulong block = (ulong)(position / Group) * Lanes + (ulong)(position % Lanes);
        var words = Philox.Block(((uint)block, (uint)(block >> 32), (uint)stream, (uint)(stream >> 32)), seed);
        return position % Group < Lanes ? words.X0 | (ulong)words.X1 << 32 : words.X2 | (ulong)words.X3 << 32;
    }

    /// <summary>The uniform number in (0, 1) at a position ≥ 0.</summary>
    public double UniformAt(long position) => ((BitsAt(position) >> 12) + 0.5) * (1.0 / (1L << 52));

    /// <summary>The normal number of mean 0 and variance 1 at a position ≥ 0.</summary>
    public double NormalAt(long position) => NormalQuantile.Of(UniformAt(position));

    /// <summary>The uniform numbers in (0, 1) at positions <paramref name="first"/>, first + 1, ….</summary>
    public void FillUniform(long first, Span<double> values) => Fill<Uniform>(first, values);

    /// <summary>The normal numbers of mean 0 and variance 1 at positions <paramref name="first"/>, first + 1, ….</summary>
    public void FillNormal(long first, Span<double> values) => Fill<Normal>(first, values);

    private interface IDistribution
    {
        static abstract Vector512<double> From(Vector512<double> uniform);
    }

    private readonly struct Uniform : IDistribution
    {
        public static Vector512<double> From(Vector512<double> uniform) => uniform;
    }

    private readonly struct Normal : IDistribution
    {
        public static Vector512<double> From(Vector512<double> uniform) => NormalQuantile.Of(uniform);
    }

    // About 5 vector operations a uniform number and 8 B written: as fast as memory takes them. Groups that are wanted in part are
    // made whole and copied from.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Fill<TDistribution>(long first, Span<double> values) where TDistribution : struct, IDistribution
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        Span<double> group = stackalloc double[Group];
        long position = first;
        while (!values.IsEmpty)
        {
            int skip = (int)(position % Group);
            bool whole = skip == 0 && values.Length >= Group;
            Span<double> into = whole ? values : group;
            (Vector512<ulong> low, Vector512<ulong> high) = Philox.Blocks((ulong)(position / Group) * Lanes, stream, seed);
            TDistribution.From(ToUniform(low)).CopyTo(into);
            TDistribution.From(ToUniform(high)).CopyTo(into[Lanes..]);
            int wanted = Math.Min(Group - skip, values.Length);
            if (!whole)
                group.Slice(skip, wanted).CopyTo(values);
            values = values[wanted..];
            position += wanted;
        }
    }

    // 52 bits below the exponent of 1 make a number in [1, 2); what is taken off leaves (bits + ½)·2⁻⁵², exactly.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> ToUniform(Vector512<ulong> bits) =>
        (bits >>> 12 | Vector512.Create(0x3FF0000000000000UL)).AsDouble() - Vector512.Create(1 - 1.0 / (1L << 53));
}
