using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using MathNet.Numerics.LinearAlgebra;
using SoraHpc.Cli.CommandLine;
using SoraHpc.Cli.Run;
using SoraHpc.LinearAlgebra;

namespace SoraHpc.Cli.Bench;

/// <summary>
/// Dense algebra through MathNet's matrices, beside a C program that calls the same library with the same threads. The two take turns,
/// round after round, and the best of each counts. C runs twice: the library's call alone, into memory it has; and with the same work as
/// MathNet's, into memory taken for each call where MathNet makes new matrices, and with all that they hold.
/// </summary>
internal sealed class BlasBench : IBenchCommand
{
    // Threads of some libraries go on looking for work for about 30 ms, on cores the other side then needs.
    private static readonly TimeSpan UntilThreadsSleep = TimeSpan.FromMilliseconds(60);

    private readonly Option<string?> blas = CommandOptions.Text("--blas", "auto, mkl, openblas, blis, system, managed or a path. Default: SORA_BLAS, else auto", "LIBRARY");
    private readonly Option<string?> operation = CommandOptions.Choice("--operation", "Only this one. Default: all", [.. BlasKernel.All.Select(kernel => kernel.Peer).Distinct()]);
    private readonly Option<int?> threads = CommandOptions.Integer("--threads", "Threads of both sides. Default: the cores this process may use", least: 1);
    private readonly Option<int?> rounds = CommandOptions.Integer("--rounds", "Turns of each side. Default: 3", least: 1);

    /// <inheritdoc/>
    public string Name => "blas";

    /// <inheritdoc/>
    public string Description => "Matrix products and factorisations through MathNet, beside C.";

    /// <inheritdoc/>
    public string Example => "sora bench blas --blas openblas";

    /// <inheritdoc/>
    public IReadOnlyList<Option> Options => [blas, operation, threads, rounds];

    /// <inheritdoc/>
    public int Run(ParseResult parsed, RankLauncher launcher, TextWriter output)
    {
        BlasOptions options = BlasChoice.Options(parsed.GetValue(blas));
        BlasLibrary library = BlasChoice.Load(parsed.GetValue(threads) is { } given ? options with { Threads = given } : options);
        output.WriteLine(library);
        if (library.Restriction.Length > 0)
            output.WriteLine($"  {library.Restriction}");
        foreach (string reason in library.NotUsed)
            output.WriteLine($"  not used: {reason}");
        _ = MathNetProvider.Use(library);
        using BlasPeer? peer = BlasPeer.Start(library);
        output.WriteLine(peer is null ? "no C beside it: it needs gcc and a native library" : $"best of {parsed.GetValue(rounds) ?? 3} turns, C and C# alternating");
        output.WriteLine("                       n     C [ms] equal [ms]   C# [ms]     C/C# equal/C#   C# [GF/s]   residual/ε");
        foreach (BlasKernel kernel in BlasKernel.All.Where(kernel => kernel.Peer == (parsed.GetValue(operation) ?? kernel.Peer)))
            foreach (int order in (int[])(kernel.Peer == "gemm" ? [512, 1024, 2048] : [1000]))
                output.WriteLine(Measure(kernel, order, parsed.GetValue(rounds) ?? 3, peer));
        return 0;
    }

    private static string Measure(BlasKernel kernel, int order, int rounds, BlasPeer? peer)
    {
        Matrix<double>[] matrices = kernel.Prepare(order);
        int repetitions = Math.Clamp((int)(2e10 / ((kernel.Flops > 0 ? kernel.Flops : 10) * order * order * order)), 1, 20);
        double c = double.PositiveInfinity, equal = double.PositiveInfinity, own = double.PositiveInfinity;
        object result = Settle(kernel, matrices);
        for (int round = 0; round < rounds; round++)
        {
            Thread.Sleep(UntilThreadsSleep);
            c = Math.Min(c, peer?.Measure(kernel.Peer, order, repetitions, newResults: false, whole: false) ?? double.PositiveInfinity);
            equal = Math.Min(equal, peer?.Measure(kernel.Peer, order, repetitions, kernel.MakesResults, whole: true) ?? double.PositiveInfinity);
            Thread.Sleep(UntilThreadsSleep);
            own = Math.Min(own, Time(kernel, matrices, repetitions));
        }
        string speed = kernel.Flops > 0 ? (kernel.Flops * order * order * order / own / 1e9).ToString("0.0", CultureInfo.InvariantCulture) : "–";
        return string.Create(CultureInfo.InvariantCulture,
            $"  {kernel.Name,-16} {order,5} {Number(c * 1e3),10} {Number(equal * 1e3),10} {own * 1e3,9:0.00} {Number(c / own),8} {Number(equal / own),8} {speed,11} {kernel.Residual(matrices, result),12:0.0000}");
    }

    // Until the collector has been round twice: from then on results get memory that results had, as in C from the second call on.
    private static object Settle(BlasKernel kernel, Matrix<double>[] matrices)
    {
        const int most = 200;
        int before = GC.CollectionCount(GC.MaxGeneration);
        object result = kernel.Run(matrices);
        for (int run = 0; kernel.MakesResults && run < most && GC.CollectionCount(GC.MaxGeneration) < before + 2; run++)
            result = kernel.Run(matrices);
        return result;
    }

    private static string Number(double value) => double.IsFinite(value) ? value.ToString("0.00", CultureInfo.InvariantCulture) : "–";

    private static double Time(BlasKernel kernel, Matrix<double>[] matrices, int repetitions)
    {
        double best = double.PositiveInfinity;
        for (int repetition = 0; repetition <= repetitions; repetition++)
        {
            long begun = Stopwatch.GetTimestamp();
            _ = kernel.Run(matrices);
            if (repetition > 0)                         // as in C, the first is not counted
                best = Math.Min(best, Stopwatch.GetElapsedTime(begun).TotalSeconds);
        }
        return best;
    }
}
