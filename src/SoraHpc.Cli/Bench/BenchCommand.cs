using System.CommandLine;
using SoraHpc.Cli.CommandLine;
using SoraHpc.Cli.Run;

namespace SoraHpc.Cli.Bench;

/// <summary><c>sora bench NAME</c>: measurements between ranks and of this machine, started as jobs are.</summary>
internal static class BenchCommand
{
    internal static Command Create()
    {
        var options = new LaunchOptions();
        var bench = new Verb("bench", "Measures ranks and machine.", "sora bench mpi --mpi openmpi");
        options.AddTo(bench);
        IBenchCommand[] measurements =
        [
            new BalanceBench(),
            new BlasBench(),
            new CheckpointBench(),
            new DenseBench(),
            new FftBench(options),
            new FinanceBench(),
            new KernelsBench(),
            new MemoryBench(),
            new MpiBench(options),
            new NBodyBench(),
            new NpbBench(options),
            new PhysicsBench(),
            new PoissonBench(options),
            new StartupBench(options),
            new TraceBench(),
            new TrainingBench(),
            new UtsBench(),
        ];
        foreach (IBenchCommand measurement in measurements)
        {
            var command = new Verb(measurement.Name, measurement.Description, measurement.Example);
            foreach (Option option in measurement.Options)
                command.Options.Add(option);
            command.SetAction(parsed => measurement.Run(parsed, new RankLauncher(parsed, options), parsed.InvocationConfiguration.Output));
            bench.Subcommands.Add(command);
        }
        return bench;
    }
}
