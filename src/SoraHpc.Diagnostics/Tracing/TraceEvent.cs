using System.Runtime.InteropServices;

namespace SoraHpc.Diagnostics.Tracing;

/// <summary>One span of a rank's time, or several short ones of the same activity close together: 32 B, blittable.</summary>
/// <param name="Begin">Where it begins [ticks of <see cref="System.Diagnostics.Stopwatch"/>; ns since the run began once ranks' clocks are aligned].</param>
/// <param name="End">Where it ends, in the same unit.</param>
/// <param name="Bytes">Moved in it [B], over all calls; for <see cref="RankActivity.Steal"/> the tasks taken.</param>
/// <param name="Peer">The other rank in the world; <see cref="NoPeer"/> where there is none or there are several.</param>
/// <param name="Count">Calls it stands for, ≥ 1.</param>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
public readonly record struct TraceEvent(long Begin, long End, long Bytes, int Peer, ushort Count, RankActivity Activity)
{
    /// <summary>No other rank, or several.</summary>
    public const int NoPeer = -1;

    /// <summary>How long it is, in the unit of <see cref="Begin"/>.</summary>
    public long Length => End - Begin;
}
