using System.CommandLine;
using System.Globalization;
using SoraHpc.Cli.CommandLine;
using SoraHpc.Cli.Launching;
using SoraHpc.Cli.Run;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.Solvers.Vectors;

namespace SoraHpc.Cli.Bench;

/// <summary>
/// The Poisson equation by conjugate gradients with multigrid; with --petsc beside PETSc on the same system, the two started in turn,
/// round after round, the best of each counting. PETSc solves it with the library's own grids and transfers over two smoothers, and
/// with its algebraic multigrid; the fastest of the three is what the library is compared with.
/// </summary>
internal sealed class PoissonBench(LaunchOptions launch) : IBenchCommand
{
    private static readonly string[] Variants = ["jacobi", "sor", "gamg"];

    private readonly Option<int?> size = CommandOptions.Integer("--size", "Cells along each side of the cube, a power of two times a small number. Default: 128", least: 4, most: 1024);
    private readonly Option<double?> tolerance = CommandOptions.Number("--tolerance", "Residual to reach, relative to the right-hand side. Default: 1e-8", least: 1e-14, most: 0.1);
    private readonly Option<int?> rounds = CommandOptions.Integer("--rounds", "Times each side is started, in turn. Default: 2", least: 1);
    private readonly Option<string?> summation = CommandOptions.Choice("--summation", "How inner products are summed. Default: plain", "plain", "exact");
    private readonly Option<bool> petsc = new("--petsc") { Description = "Also through PETSc (python3-petsc4py), which here is under Open MPI." };
    private readonly Option<bool> smoothing = new("--smoothing") { Description = "Instead: the smoother's degrees 1 to 3 and ranges 4 to 12 in turn." };

    /// <inheritdoc/>
    public string Name => "poisson";

    /// <inheritdoc/>
    public string Description => "Poisson equation, multigrid: iterations, time and residual; beside PETSc.";

    /// <inheritdoc/>
    public string Example => "sora bench poisson --size 128 --ranks 2 --mpi openmpi --petsc";

    /// <inheritdoc/>
    public IReadOnlyList<Option> Options => [size, tolerance, rounds, summation, petsc, smoothing];

    /// <inheritdoc/>
    public int Run(ParseResult parsed, RankLauncher launcher, TextWriter output)
    {
        int cells = parsed.GetValue(size) ?? 128;
        double wanted = parsed.GetValue(tolerance) ?? 1e-8;
        Summation sums = parsed.GetValue(summation) == "exact" ? Summation.Exact : Summation.Plain;
        if (parsed.GetValue(petsc) && parsed.GetValue(smoothing))
            throw new UsageException($"{petsc.Name} and {smoothing.Name} are two comparisons: give one of them");
        if (parsed.GetValue(smoothing))
            return launcher.Run(communicator => PoissonSmoothing.Run(communicator, cells, wanted, parsed.GetValue(rounds) ?? 2, sums, output));
        if (parsed.GetValue(petsc) && LaunchEnvironment.Read().Transport == Transport.Threads)
            return Compare(parsed, cells, wanted, output);
        return launcher.Run(communicator =>
        {
            PoissonMeasurement measured = PoissonSolve.Measure(communicator, cells, wanted, repeats: 3, sums);
            if (communicator.IsRoot)
                output.WriteLine(measured);
        });
    }

    private int Compare(ParseResult parsed, int cells, double wanted, TextWriter output)
    {
        if (parsed.GetValue(launch.Mpi) is { } mpi && mpi != "openmpi")
            throw new UsageException($"PETSc is under Open MPI: with --petsc give --mpi openmpi, not {mpi}");
        int ranks = parsed.GetValue(launch.Ranks) ?? Machine.Cores(), times = parsed.GetValue(rounds) ?? 2;
        MpiLauncher launcher = MpiLauncher.Find("openmpi");
        using PetscPeer peer = new();
        string n = cells.ToString(CultureInfo.InvariantCulture), epsilon = wanted.ToString("R", CultureInfo.InvariantCulture);
        Dictionary<string, PoissonMeasurement> best = [];
        for (int round = 0; round < times; round++)
            foreach (string variant in (string[])["sora", .. Variants])
            {
                string[] program = variant == "sora"
                    ? [.. LaunchedRanks.Self(), "bench", Name, "--size", n, "--tolerance", epsilon, "--summation", parsed.GetValue(summation) ?? "plain", "--mpi", "openmpi"]
                    : [PetscPeer.Interpreter, peer.Script, n, epsilon, "3", variant];
                LaunchRequest request = new(ranks, program, Machine.Cores(), Environment.GetEnvironmentVariable("SLURM_JOB_ID") is not null, Environment.UserName == "root", "openmpi");
                PoissonMeasurement measured = PoissonMeasurement.Parse(LaunchedRanks.Capture(LaunchCommand.For(launcher, request)).LastOrDefault() ?? "");
                best[variant] = best.TryGetValue(variant, out PoissonMeasurement before) ? before.Faster(measured) : measured;
            }
        Print(output, best, cells, ranks, times);
        return 0;
    }

    private static void Print(TextWriter output, Dictionary<string, PoissonMeasurement> best, int cells, int ranks, int times)
    {
        var lines = new List<FormattableString>
        {
            $"{cells}³ cells on {ranks} ranks of Open MPI, CG with one V-cycle; best of {times} rounds in turn, 3 solves each",
            $"  solver              iterations   set-up [s]   solve [s]   residual",
        };
        foreach (PoissonMeasurement m in best.Values)
            lines.Add($"  {(m.Variant == "sora" ? "sora" : $"PETSc, {m.Variant}"),-18} {m.Iterations,11} {m.SetupSeconds,12:0.000} {m.SolveSeconds,11:0.000}   {m.Residual:0.0e0}");
        double fastest = Variants.Min(variant => best[variant].SolveSeconds);
        lines.Add($"  PETSc's fastest over sora: {fastest / best["sora"].SolveSeconds:0.00}");
        foreach (FormattableString line in lines)
            output.WriteLine(line.ToString(CultureInfo.InvariantCulture));
    }
}
