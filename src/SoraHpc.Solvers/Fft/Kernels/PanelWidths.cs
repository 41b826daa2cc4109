using System.Runtime.Intrinsics;
using SoraHpc.Diagnostics;
using SoraHpc.Solvers.Fft.Lanes;

namespace SoraHpc.Solvers.Fft.Kernels;

/// <summary>The transform of one length at every width, the widest first: what is left over from one goes through the next.</summary>
internal sealed class PanelWidths : IDisposable
{
    private readonly FftTables? tables;
    private readonly Chirp? chirp;

    /// <param name="lanes">Most lines at once: 1, 2, 4 or 8.</param>
    internal PanelWidths(int length, int lanes)
    {
        if (FftTables.Has(length))
            tables = new(length);
        else
            chirp = new(length);
        List<PanelTransform> all = [new PanelTransform<Lanes1>(tables, chirp, length)];
        if (lanes >= 2)
            all.Insert(0, new PanelTransform<Lanes2>(tables, chirp, length));
        if (lanes >= 4)
            all.Insert(0, new PanelTransform<Lanes4>(tables, chirp, length));
        if (lanes >= 8)
            all.Insert(0, new PanelTransform<Lanes8>(tables, chirp, length));
        Widths = [.. all];
    }

    internal PanelTransform[] Widths { get; }

    /// <summary>Whether a panel takes at least two passes, of which the first can carry a tile.</summary>
    internal bool Carries => tables is { Factors.Length: > 1 };

    /// <summary>Weights that change nothing, of the length.</summary>
    internal unsafe double* Ones => tables is not null ? tables.Ones : chirp!.Padded.Ones;

    /// <summary>Lanes of the widest vector of this processor.</summary>
    internal static int Widest => Vector512.IsHardwareAccelerated ? 8 : Vector256.IsHardwareAccelerated ? 4 : Vector128.IsHardwareAccelerated ? 2 : 1;

    /// <exception cref="UsageException">The length is out of range.</exception>
    internal static int Checked(int length) => length is >= 1 and <= FftPlan.Longest ? length
        : throw new UsageException($"an FFT of length {length}: it must be between 1 and {FftPlan.Longest}");

    public void Dispose()
    {
        foreach (PanelTransform width in Widths)
            width.Dispose();
        tables?.Dispose();
        chirp?.Dispose();
    }
}
