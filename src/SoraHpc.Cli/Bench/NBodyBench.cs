using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using SoraHpc.Cli.CommandLine;
using SoraHpc.Cli.Run;
using SoraHpc.Communication;
using SoraHpc.Jobs.NBody;
using SoraHpc.Runtime;

namespace SoraHpc.Cli.Bench;

/// <summary>
/// Clustered bodies dealt by measured cost and by number, in turn; the best of several rounds counts. Beside the tree's interactions a second stands what
/// the kernel reaches on all ranks at once when there is nothing else to do, as in the direct sum.
/// </summary>
internal sealed class NBodyBench : IBenchCommand
{
    private const int Sampled = 256;

    private readonly PlummerOptions model = new(defaultBodies: 50_000, defaultSpheres: 6);
    private readonly NBodyPhysics physics = new(defaultSteps: 10);
    private readonly Option<int?> rounds = CommandOptions.Integer("--rounds", "Times each is measured, in turn. Default: 3", least: 1);

    /// <inheritdoc/>
    public string Name => "nbody";

    /// <inheritdoc/>
    public string Description => "Gravity of clustered bodies: dealt by cost beside dealt by number, and the kernel's peak.";

    /// <inheritdoc/>
    public string Example => "sora bench nbody --ranks 2 --mpi openmpi";

    /// <inheritdoc/>
    public IReadOnlyList<Option> Options => [.. model.All, .. physics.All, rounds];

    /// <inheritdoc/>
    public int Run(ParseResult parsed, RankLauncher launcher, TextWriter output)
    {
        NBodyOptions options = physics.Of(parsed, new() { Model = model.Of(parsed) });
        int count = parsed.GetValue(rounds) ?? 3;
        return launcher.Run(world =>
        {
            RunResult? cost = null, number = null;
            double direct = 0, cells = 0;
            for (int round = 0; round < count; round++)
            {
                direct = Math.Max(direct, Peak(world, Expansion.Monopole));
                cells = Math.Max(cells, Peak(world, Expansion.Quadrupole));
                cost = Faster(cost, NBodyJob.Run(world, options with { DealBy = DealBy.Cost, Samples = round == 0 ? Sampled : 0 }));
                number = Faster(number, NBodyJob.Run(world, options with { DealBy = DealBy.Count }));
            }
            if (world.IsRoot)
                Print(output, options, cost!, number!, direct, cells, count);
        });
    }

    private static RunResult? Faster(RunResult? a, RunResult b) => a is null || b.StepSeconds < a.StepSeconds
        ? b with { Observables = a?.Observables ?? b.Observables } : a;

    // Interactions a second of all ranks together, each on lists of its own.
    private static double Peak(Communicator world, Expansion expansion)
    {
        const double Seconds = 0.1;
        KernelProbe.Run(expansion);
        world.Barrier();
        double done = 0;
        long begun = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begun).TotalSeconds < Seconds)
            done += KernelProbe.Run(expansion);
        return world.Allreduce(done / Stopwatch.GetElapsedTime(begun).TotalSeconds, ReduceOperation.Sum);
    }

    private static void Print(TextWriter output, NBodyOptions options, RunResult cost, RunResult number, double direct, double cells, int rounds)
    {
        double tree = cost.TotalWork / cost.StepSeconds;
        List<FormattableString> lines =
        [
            $"nbody, {options.Model.Bodies} bodies in {options.Model.Spheres} spheres, {cost.Steps} steps on {cost.Ranks.Count} ranks, θ {options.Theta}, {options.Expansion.ToString().ToLowerInvariant()}s; best of {rounds}, in turn",
            $"dealt by cost:   {cost.StepSeconds,8:0.000} s   λ max/mean {cost.Imbalance:0.000}, step by step {cost.StepImbalance:0.000}",
            $"dealt by number: {number.StepSeconds,8:0.000} s   λ max/mean {number.Imbalance:0.000}, step by step {number.StepImbalance:0.000}   ratio {cost.StepSeconds / number.StepSeconds:0.000}",
            $"tree: {cost.TotalWork / (options.Model.Bodies * (double)cost.Steps):0} interactions a body and step, {tree / 1e9:0.00} G interactions/s with all else a step takes",
            $"kernel alone, all ranks: {direct / 1e9:0.00} G/s with bodies as in the direct sum, {cells / 1e9:0.00} G/s with cells; the tree reaches {tree / direct:P0} of the first",
            $"the direct sum at that speed: {options.Model.Bodies * (double)options.Model.Bodies * cost.Steps / direct:0.000} s, {options.Model.Bodies * (double)options.Model.Bodies * cost.Steps / direct / cost.StepSeconds:0.0} times the tree's",
            $"accelerations of {Sampled} bodies beside the exact sum: root mean square {cost.Observables["force error, root mean square"]:0.0e+0}, largest {cost.Observables["force error, largest"]:0.0e+0}; energy drift {cost.Observables["energy drift"]:0.0e+0}",
        ];
        foreach (FormattableString line in lines)
            output.WriteLine(line.ToString(CultureInfo.InvariantCulture));
        output.Flush();
    }
}
