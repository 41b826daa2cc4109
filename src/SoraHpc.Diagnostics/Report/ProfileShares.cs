using SoraHpc.Diagnostics.Tracing;

namespace SoraHpc.Diagnostics.Report;

/// <summary>A rank's profile on the time axis that all ranks of a report have in common.</summary>
internal static class ProfileShares
{
    /// <summary>Shares of a bin's time by kind, 0 … 255, <see cref="TraceProfile.Kinds"/> for each of <paramref name="bins"/> equal parts of the run.</summary>
    /// <param name="seconds">Length of the run [s].</param>
    internal static byte[] Resample(RankTrace rank, int bins, double seconds)
    {
        double[] sums = new double[bins * TraceProfile.Kinds];
        double width = Math.Max(seconds, 1e-9) / bins, step = rank.BinWidth * 1e-9;
        for (int from = 0; from * TraceProfile.Kinds < rank.Profile.Length; from++)
        {
            double begin = rank.Begin * 1e-9 + from * step, end = begin + step;
            int first = Math.Clamp((int)Math.Floor(begin / width), 0, bins - 1), last = Math.Clamp((int)Math.Floor(end / width), 0, bins - 1);
            for (int bin = first; bin <= last; bin++)
            {
                double part = step > 0 ? Math.Max(0, Math.Min(end, (bin + 1) * width) - Math.Max(begin, bin * width)) / step : 0;
                for (int kind = 0; kind < TraceProfile.Kinds; kind++)
                    sums[bin * TraceProfile.Kinds + kind] += part * rank.Profile[from * TraceProfile.Kinds + kind];
            }
        }
        return Array.ConvertAll(sums, sum => (byte)Math.Clamp(Math.Round(255 * sum / width), 0, 255));
    }
}
