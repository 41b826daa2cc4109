using System.CommandLine;
using SoraHpc.Cli.CommandLine;
using SoraHpc.Cli.Run;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.Jobs.Npb;

namespace SoraHpc.Cli.Bench;

/// <summary>
/// The NAS Parallel Benchmarks, the best of several rounds, beside the reference program: its figures from another machine of this
/// kind, or, where its sources are given, the program itself, compiled here and run in turn with ours.
/// </summary>
internal sealed class NpbBench(LaunchOptions launch) : IBenchCommand
{
    private readonly NpbProblemOptions problem = new(NpbClass.A);
    private readonly Option<int?> rounds = CommandOptions.Integer("--rounds", "Times each is measured, in turn. Default: 3", least: 1);
    private readonly Option<string?> reference = CommandOptions.Text("--reference",
        "The folder NPB3.4-MPI of the reference program: compiled with -O3 -march=native and run in turn. Default: only its figures from elsewhere", "DIR");

    /// <inheritdoc/>
    public string Name => "npb";

    /// <inheritdoc/>
    public string Description => "NAS Parallel Benchmarks, Mop/s beside the reference program.";

    /// <inheritdoc/>
    public string Example => "sora bench npb --class A --ranks 2 --reference NPB3.4.1/NPB3.4-MPI";

    /// <inheritdoc/>
    public IReadOnlyList<Option> Options => [.. problem.All, rounds, reference];

    /// <inheritdoc/>
    public int Run(ParseResult parsed, RankLauncher launcher, TextWriter output)
    {
        NpbOptions options = problem.Of(parsed);
        int count = parsed.GetValue(rounds) ?? 3;
        if (parsed.GetValue(reference) is not { } folder)
            return launcher.Run(communicator => Measure(communicator, options, count, output));
        if (LaunchEnvironment.Read().Transport == Transport.Mpi || parsed.GetValue(launch.Launcher) is "threads" or "srun")
            throw new UsageException("--reference starts mpiexec for either side itself: leave out the launcher, and give --mpi and --ranks");
        Compare(options, folder, parsed.GetValue(launch.Mpi) ?? "openmpi", parsed.GetValue(launch.Ranks) ?? 1, count, output);
        return 0;
    }

    private static void Measure(Communicator world, NpbOptions options, int rounds, TextWriter output)
    {
        NpbComparison best = new(options.Class, world.Size);
        for (int round = 0; round < rounds; round++)
            NpbJob.Run(world, options, result => best.AddOwn(result.Kernel, result.MopsTotal));
        if (!world.IsRoot)
            return;
        output.Write(best.Render(rounds));
        output.Flush();
    }

    private static void Compare(NpbOptions options, string folder, string mpi, int ranks, int rounds, TextWriter output)
    {
        foreach (INpbKernel kernel in options.Kernels)
            if (kernel.Refusal(options.Class, ranks) is { } refusal)
                throw new UsageException(refusal);
        using NpbReference peer = NpbReference.Of(folder, mpi);
        NpbComparison best = new(options.Class, ranks);
        foreach (INpbKernel kernel in options.Kernels)
        {
            string program = peer.Build(kernel.Name, options.Class);
            for (int round = 0; round < rounds; round++)
            {
                best.AddReference(kernel.Name, NpbReference.Run(mpi, ranks, [program]));
                best.AddOwn(kernel.Name, NpbReference.RunOwn(mpi, ranks, kernel.Name, options.Class));
            }
        }
        output.Write(best.Render(rounds));
        output.Flush();
    }
}
