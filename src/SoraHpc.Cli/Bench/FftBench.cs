using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using SoraHpc.Cli.CommandLine;
using SoraHpc.Cli.Launching;
using SoraHpc.Cli.Run;
using SoraHpc.Communication;
using SoraHpc.Decomposition;
using SoraHpc.Diagnostics;
using SoraHpc.Solvers.Fft;

namespace SoraHpc.Cli.Bench;

/// <summary>
/// A cube of complex or real numbers transformed on all ranks; under Open MPI beside FFTW-MPI in C, which plans by measuring. The two are
/// started in turn, and the best of each counts.
/// </summary>
internal sealed class FftBench(LaunchOptions launch) : IBenchCommand
{
    private const int Repetitions = 5;

    private readonly Option<int?> size = CommandOptions.Integer("--size", "Length of the cube's sides. Default: 256", least: 1, most: 1290);
    private readonly Option<int?> rounds = CommandOptions.Integer("--rounds", "Times each side is run, in turn. Default: 3", least: 1);
    private readonly Option<string?> library = CommandOptions.Choice("--fft", "Whose local transforms. Default: own", "own", "fftw");
    private readonly Option<string?> cut = CommandOptions.Choice("--cut", "How the cube is cut. Default: slab while it goes", "slab", "pencil");

    private readonly Option<bool> real = new("--real") { Description = "Real numbers, into half a spectrum" };

    /// <inheritdoc/>
    public string Name => "fft";

    /// <inheritdoc/>
    public string Description => "A transform in three dimensions, beside FFTW-MPI in C.";

    /// <inheritdoc/>
    public string Example => "sora bench fft --size 256 --ranks 2 --mpi openmpi";

    /// <inheritdoc/>
    public IReadOnlyList<Option> Options => [size, rounds, library, cut, real];

    /// <inheritdoc/>
    public int Run(ParseResult parsed, RankLauncher launcher, TextWriter output)
    {
        string? mpi = parsed.GetValue(launch.Mpi);
        bool isReal = parsed.GetValue(real);
        if (LaunchEnvironment.Read().Transport == Transport.Mpi)
            return launcher.Run(communicator => PrintOwnSide(communicator, parsed, output));
        int ranks = parsed.GetValue(launch.Ranks) ?? (mpi is null ? 1 : Machine.Cores()), sides = parsed.GetValue(size) ?? 256;
        Dictionary<string, double> c = [], own = [];
        if (mpi is null)
        {
            StringWriter said = new();
            int code = launcher.Run(communicator => PrintOwnSide(communicator, parsed, said));
            Keep(own, Read(said.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)));
            if (own.Count > 0)                  // else its ranks are processes, and have printed
                Print(output, sides, ranks, isReal, c, own);
            return code;
        }
        using (MpiPeer? peer = Peer(mpi))
            for (int round = 0; round < (parsed.GetValue(rounds) ?? 3); round++)
            {
                if (peer is not null)
                    Keep(c, Measure(mpi, ranks, [peer.Program, Text(sides), Text(Repetitions), .. isReal ? ["real"] : Array.Empty<string>()]));
                Keep(own, Measure(mpi, ranks, [.. LaunchedRanks.Self(), .. parsed.Tokens.Select(token => token.Value)]));
            }
        Print(output, sides, ranks, isReal, c, own);
        return 0;
    }

    private void PrintOwnSide(Communicator communicator, ParseResult parsed, TextWriter output)
    {
        int sides = parsed.GetValue(size) ?? 256;
        FftOptions options = new()
        {
            Library = Enum.Parse<FftLibrary>(parsed.GetValue(library) ?? "own", ignoreCase: true),
            Decomposition = Enum.Parse<FftDecomposition>(parsed.GetValue(cut) ?? "automatic", ignoreCase: true),
        };
        (double best, double bestBack) = parsed.GetValue(real) ? BestOfReal(communicator, sides, options) : BestOfComplex(communicator, sides, options);
        if (communicator.IsRoot)
            output.Write(string.Create(CultureInfo.InvariantCulture, $"forward {best:e9}\ninverse {bestBack:e9}\n"));
        output.Flush();
    }

    private static (double There, double Back) BestOfComplex(Communicator communicator, int sides, FftOptions options)
    {
        using DistributedFft fft = new(communicator, new Extent(sides, sides, sides), options);
        using AlignedBuffer<Complex> data = new((int)Math.Max(fft.Field.Cells, fft.Spectrum.Cells));
        Memory<Complex> field = data.Memory[..(int)fft.Field.Cells], spectrum = data.Memory[..(int)fft.Spectrum.Cells];
        for (int i = 0; i < data.Length; i++)
            data.GetSpan()[i] = new Complex(i % 17, i % 13) / sides;
        return Best(communicator, () => fft.Forward(field.Span, spectrum.Span), () => fft.Inverse(spectrum.Span, field.Span));
    }

    private static (double There, double Back) BestOfReal(Communicator communicator, int sides, FftOptions options)
    {
        using DistributedRealFft fft = new(communicator, new Extent(sides, sides, sides), options);
        using AlignedBuffer<double> field = new((int)fft.Field.Cells);
        using AlignedBuffer<Complex> spectrum = new((int)fft.Spectrum.Cells);
        for (int i = 0; i < field.Length; i++)
            field.GetSpan()[i] = i % 17 / (double)sides;
        return Best(communicator, () => fft.Forward(field.GetSpan(), spectrum.GetSpan()), () => fft.Inverse(spectrum.GetSpan(), field.GetSpan()));
    }

    private static (double There, double Back) Best(Communicator communicator, Action forward, Action inverse)
    {
        double best = double.PositiveInfinity, bestBack = double.PositiveInfinity;
        for (int repetition = 0; repetition <= Repetitions; repetition++)
        {
            double there = Time(communicator, forward), back = Time(communicator, inverse);
            if (repetition > 0)                 // the first compiles and maps pages
                (best, bestBack) = (Math.Min(best, there), Math.Min(bestBack, back));
        }
        return (best, bestBack);
    }

    // The longest of the ranks, from all ready [s].
    private static double Time(Communicator communicator, Action transform)
    {
        communicator.Barrier();
        long begun = Stopwatch.GetTimestamp();
        transform();
        return communicator.Allreduce(Stopwatch.GetElapsedTime(begun).TotalSeconds, ReduceOperation.Max);
    }

    // Debian builds FFTW-MPI for Open MPI alone.
    private static MpiPeer? Peer(string mpi) => mpi == "openmpi" && File.Exists("/usr/include/fftw3-mpi.h")
        ? MpiPeer.Build(mpi, "fft_mpi", "-lfftw3_mpi", "-lfftw3", "-lm") : null;

    private static IEnumerable<(string What, double Seconds)> Measure(string mpi, int ranks, string[] program)
    {
        LaunchRequest request = new(ranks, program, Machine.Cores(), Environment.GetEnvironmentVariable("SLURM_JOB_ID") is not null, Environment.UserName == "root", mpi);
        return Read(LaunchedRanks.Capture(LaunchCommand.For(MpiLauncher.Find(mpi), request)));
    }

    private static IEnumerable<(string What, double Seconds)> Read(IEnumerable<string> lines) => lines.Select(line => line.Split(' ') is [var what, var seconds]
        ? (what, double.Parse(seconds, CultureInfo.InvariantCulture))
        : throw new SoraException($"a side of the benchmark said: {line}"));

    private static void Keep(Dictionary<string, double> best, IEnumerable<(string What, double Seconds)> side)
    {
        foreach ((string what, double seconds) in side)
            best[what] = Math.Min(seconds, best.GetValueOrDefault(what, double.PositiveInfinity));
    }

    private static void Print(TextWriter output, int sides, int ranks, bool isReal, Dictionary<string, double> c, Dictionary<string, double> own)
    {
        double operations = (isReal ? 2.5 : 5.0) * sides * sides * sides * 3 * Math.Log2(sides);
        output.WriteLine($"{sides}³ {(isReal ? "real" : "complex")} numbers on {ranks} {(ranks == 1 ? "rank" : "ranks")}; {(isReal ? "2.5" : "5")}·N·log₂N operations");
        foreach ((string what, double seconds) in own)
            output.WriteLine(c.TryGetValue(what, out double theirs)
                ? string.Create(CultureInfo.InvariantCulture, $"  {what}  C# {seconds * 1e3,8:0.0} ms {operations / seconds / 1e9,6:0.0} GF/s   FFTW-MPI {theirs * 1e3,8:0.0} ms {operations / theirs / 1e9,6:0.0} GF/s   C#/C {seconds / theirs:0.00}")
                : string.Create(CultureInfo.InvariantCulture, $"  {what}  C# {seconds * 1e3,8:0.0} ms {operations / seconds / 1e9,6:0.0} GF/s"));
        if (c.Count == 0)
            output.WriteLine("no C beside it: FFTW-MPI is measured with --mpi openmpi where it is installed (Debian 12: libfftw3-mpi-dev)");
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
