using System.Globalization;

namespace SoraHpc.Cli.Bench;

/// <summary>One measured time; as text, the line both sides print.</summary>
/// <param name="Kind">"latency": one message of a ping-pong; "stream": one of a window of messages; "allreduce": one call.</param>
/// <param name="Bytes">Message length.</param>
/// <param name="Seconds">The best seen.</param>
internal readonly record struct Measurement(string Kind, int Bytes, double Seconds)
{
    internal static Measurement Parse(string line) => line.Split(' ') is [var kind, var bytes, var seconds]
        ? new(kind, int.Parse(bytes, CultureInfo.InvariantCulture), double.Parse(seconds, CultureInfo.InvariantCulture))
        : throw new Diagnostics.SoraException($"a side of the benchmark said: {line}");

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Kind} {Bytes} {Seconds:e9}");
}
