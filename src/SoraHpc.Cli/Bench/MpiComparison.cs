using System.Globalization;
using System.Text;

namespace SoraHpc.Cli.Bench;

/// <summary>The best times of both sides, and their table.</summary>
internal sealed class MpiComparison
{
    private readonly Dictionary<(string Kind, int Bytes), double> c = [], own = [];

    internal void AddC(IEnumerable<Measurement> side) => Keep(c, side);

    internal void AddOwn(IEnumerable<Measurement> side) => Keep(own, side);

    /// <summary>One line a size: C and C# in µs, their ratio, and for messages the bandwidth; then the range of the ratios.</summary>
    internal string Render()
    {
        var text = new StringBuilder("  what            bytes      C [µs]     C# [µs]    C#/C   C# [GB/s]\n");
        List<double> ratios = [];
        foreach (((string kind, int bytes), double seconds) in own)
        {
            text.Append(CultureInfo.InvariantCulture, $"  {kind,-10} {bytes,10} ");
            if (c.TryGetValue((kind, bytes), out double peer))
            {
                ratios.Add(seconds / peer);
                text.Append(CultureInfo.InvariantCulture, $"{peer * 1e6,11:0.000} {seconds * 1e6,11:0.000} {seconds / peer,7:0.00}");
            }
            else
                text.Append(CultureInfo.InvariantCulture, $"{"–",11} {seconds * 1e6,11:0.000} {"–",7}");
            string bandwidth = bytes > 0 && kind != "allreduce" ? (bytes / seconds / 1e9).ToString("0.00", CultureInfo.InvariantCulture) : "–";
            text.Append(CultureInfo.InvariantCulture, $" {bandwidth,11}\n");
        }
        if (ratios.Count > 0)
        {
            ratios.Sort();
            text.Append(CultureInfo.InvariantCulture, $"  C#/C: median {ratios[ratios.Count / 2]:0.00}, least {ratios[0]:0.00}, most {ratios[^1]:0.00}\n");
        }
        return text.ToString();
    }

    private static void Keep(Dictionary<(string, int), double> best, IEnumerable<Measurement> side)
    {
        foreach (Measurement measured in side)
            best[(measured.Kind, measured.Bytes)] = Math.Min(measured.Seconds, best.GetValueOrDefault((measured.Kind, measured.Bytes), double.PositiveInfinity));
    }
}
