using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using SoraHpc.Cli.CommandLine;
using SoraHpc.Cli.Run;
using SoraHpc.Communication;

namespace SoraHpc.Cli.Bench;

/// <summary>Memory bandwidth all ranks reach together: a[i] = b[i] + s·c[i] on arrays no cache holds.</summary>
/// <remarks>The triad of J. D. McCalpin's STREAM; 24 B a cell are counted, the line read before it is written is not.</remarks>
internal sealed class MemoryBench : IBenchCommand
{
    private const double Scale = 3.0;

    private readonly Option<int?> megabytes = CommandOptions.Integer("--megabytes", "Size of each of the three arrays of a rank [MB]. Default: 64", least: 1, most: 16_000);

    /// <inheritdoc/>
    public string Name => "memory";

    /// <inheritdoc/>
    public string Description => "Memory bandwidth of all ranks together (STREAM triad).";

    /// <inheritdoc/>
    public string Example => "sora bench memory --ranks 2";

    /// <inheritdoc/>
    public IReadOnlyList<Option> Options => [megabytes];

    /// <inheritdoc/>
    public int Run(ParseResult parsed, RankLauncher launcher, TextWriter output)
    {
        int cells = (parsed.GetValue(megabytes) ?? 64) * (1_000_000 / sizeof(double));
        return launcher.Run(communicator =>
        {
            double seconds = Measure(communicator, cells);
            if (!communicator.IsRoot)
                return;
            double bytes = 3.0 * sizeof(double) * cells * communicator.Size;
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"triad on {communicator.Size} rank(s), 3 × {cells * sizeof(double) / 1e6:0} MB each: {bytes / seconds / 1e9:0.0} GB/s, best of 10"));
        });
    }

    /// <summary>The best of ten passes, each from all ranks ready to all ranks done [s]. Collective.</summary>
    private static double Measure(Communicator communicator, int cells)
    {
        double[] a = new double[cells], b = new double[cells], c = new double[cells];
        Array.Fill(b, 1.0);
        Array.Fill(c, 2.0);
        Triad(a, b, c);                         // the first pass maps the pages
        double best = double.PositiveInfinity;
        for (int pass = 0; pass < 10; pass++)
        {
            communicator.Barrier();
            long begun = Stopwatch.GetTimestamp();
            Triad(a, b, c);
            communicator.Barrier();             // ranks that take turns on one core must not count as if they ran side by side
            best = Math.Min(best, communicator.Allreduce(Stopwatch.GetElapsedTime(begun).TotalSeconds, ReduceOperation.Max));
        }
        return best;
    }

    /// <summary>a = b + s·c, element by element; same lengths.</summary>
    internal static void Triad(Span<double> a, ReadOnlySpan<double> b, ReadOnlySpan<double> c)
    {
        int i = 0;
        for (; i <= a.Length - Vector<double>.Count; i += Vector<double>.Count)
            (new Vector<double>(b[i..]) + Scale * new Vector<double>(c[i..])).CopyTo(a[i..]);
        for (; i < a.Length; i++)
            a[i] = b[i] + Scale * c[i];
    }
}
