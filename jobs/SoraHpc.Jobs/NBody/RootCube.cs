using SoraHpc.Communication;
using SoraHpc.Diagnostics;

namespace SoraHpc.Jobs.NBody;

/// <summary>
/// The cube around all bodies, and places along the curve that goes through it: 21 bits for each coordinate, interleaved (Morton's order), so
/// that a cell of the tree at depth d is all places that share their first 3 d bits.
/// </summary>
/// <param name="X">Lowest coordinates.</param>
/// <param name="Side">A power of two: halving is exact.</param>
internal readonly record struct RootCube(double X, double Y, double Z, double Side)
{
    /// <summary>Depth of the smallest cells.</summary>
    internal const int Levels = 21;

    /// <summary>The end of the curve.</summary>
    internal const ulong End = 1UL << 3 * Levels;

    /// <summary>Around the bodies of all ranks; the same on each. Collective.</summary>
    /// <param name="step">For the message.</param>
    /// <exception cref="SoraException">A body is nowhere.</exception>
    internal static RootCube Around(ReadOnlySpan<Body> bodies, Communicator communicator, long step)
    {
        Box box = Box.Empty;
        foreach (ref readonly Body body in bodies)
        {
            if (!double.IsFinite(body.X + body.Y + body.Z))
                throw new SoraException(FormattableString.Invariant($"body {body.Id} is at ({body.X}, {body.Y}, {body.Z}) after step {step}: use a shorter time step or more softening"));
            box.Include(body);
        }
        Span<double> extremes = [-box.LowX, -box.LowY, -box.LowZ, box.HighX, box.HighY, box.HighZ];
        communicator.Allreduce(extremes, ReduceOperation.Max);
        double longest = 0;
        for (int d = 0; d < 3; d++)
            longest = Math.Max(longest, extremes[d + 3] + extremes[d]);
        // One body alone still gets a cube; a body on the upper face belongs to the last places.
        double side = longest > 0 ? Math.ScaleB(1, Math.ILogB(longest) + 1) : 1;
        return new(-extremes[0], -extremes[1], -extremes[2], side);
    }

    /// <summary>The body's place along the curve.</summary>
    internal ulong KeyOf(in Body body)
    {
        double scale = (1 << Levels) / Side;
        return Spread((ulong)((body.X - X) * scale)) << 2 | Spread((ulong)((body.Y - Y) * scale)) << 1 | Spread((ulong)((body.Z - Z) * scale));
    }

    /// <summary>How many places a cell of this depth has.</summary>
    internal static ulong PlacesOf(int depth) => End >> 3 * depth;

    /// <summary>Sets how far around its centre of mass a cell is opened: s / θ + δ, with δ from its middle to that centre.</summary>
    /// <param name="cell">With centre of mass and depth.</param>
    /// <param name="key">Its first place.</param>
    /// <remarks>Source: J. E. Barnes, in: The Use of Supercomputers in Stellar Dynamics (1986), and J. K. Salmon and M. S. Warren, J. Comput. Phys.
    /// 111 (1994) 136–155, on why δ is needed.</remarks>
    internal void SetReach(ref Cell cell, ulong key, double theta)
    {
        double side = Math.ScaleB(Side, -cell.Depth), unit = Math.ScaleB(Side, -Levels);
        double dx = X + Gather(key >> 2) * unit + side / 2 - cell.X, dy = Y + Gather(key >> 1) * unit + side / 2 - cell.Y, dz = Z + Gather(key) * unit + side / 2 - cell.Z;
        double reach = side / theta + Math.Sqrt(dx * dx + dy * dy + dz * dz);
        cell.ReachSquared = reach * reach;
    }

    // Bit i goes to bit 3 i, in five halvings.
    private static ulong Spread(ulong bits)
    {
        bits = Math.Min(bits, (1UL << Levels) - 1);
        bits = (bits | bits << 32) & 0x001F_0000_0000_FFFF;
        bits = (bits | bits << 16) & 0x001F_0000_FF00_00FF;
        bits = (bits | bits << 8) & 0x100F_00F0_0F00_F00F;
        bits = (bits | bits << 4) & 0x10C3_0C30_C30C_30C3;
        return (bits | bits << 2) & 0x1249_2492_4924_9249;
    }

    private static ulong Gather(ulong bits)
    {
        bits &= 0x1249_2492_4924_9249;
        bits = (bits | bits >> 2) & 0x10C3_0C30_C30C_30C3;
        bits = (bits | bits >> 4) & 0x100F_00F0_0F00_F00F;
        bits = (bits | bits >> 8) & 0x001F_0000_FF00_00FF;
        bits = (bits | bits >> 16) & 0x001F_0000_0000_FFFF;
        return (bits | bits >> 32) & 0x001F_FFFF;
    }
}
