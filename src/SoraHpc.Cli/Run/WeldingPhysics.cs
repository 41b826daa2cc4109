using System.CommandLine;
using SoraHpc.Cli.CommandLine;
using SoraHpc.Diagnostics;
using SoraHpc.Jobs.Welding;

namespace SoraHpc.Cli.Run;

/// <summary>The beam, the steps and a rank slowed down, the same for the run and the measurement.</summary>
internal sealed class WeldingPhysics
{
    private readonly Option<int?> steps = CommandOptions.Integer("--steps", "Steps. Default: 500", least: 0);
    private readonly Option<double?> power = CommandOptions.Number("--power", "What the laser heats the cell in its middle by [K a step]. Default: 10", least: 0);
    private readonly Option<double?> radius = CommandOptions.Number("--radius", "Radius of the beam [cells]. Default: 40", least: 0.5);
    private readonly Option<double?> speed = CommandOptions.Number("--speed", "Way of the beam [cells a step]. Default: 0.5", least: 0);
    private readonly Option<int?> slowRank = CommandOptions.Integer("--slow-rank", "A rank that computes everything several times, to be as slow as a slower processor. Default: none", least: 0);
    private readonly Option<int?> slowFactor = CommandOptions.Integer("--slow-factor", "Times it does. Default: 4", least: 1, most: 1000);

    internal IReadOnlyList<Option> All => [steps, power, radius, speed, slowRank, slowFactor];

    /// <exception cref="UsageException">A factor without a rank.</exception>
    internal WeldingOptions Of(ParseResult parsed, WeldingOptions options)
    {
        int? rank = parsed.GetValue(slowRank), factor = parsed.GetValue(slowFactor);
        if (rank is null && factor is not null)
            throw new UsageException("--slow-factor says how slow, --slow-rank which rank: give both, or --slow-rank alone for 4");
        return options with
        {
            Steps = parsed.GetValue(steps) ?? options.Steps,
            Laser = new()
            {
                Power = parsed.GetValue(power) ?? options.Laser.Power,
                Radius = parsed.GetValue(radius) ?? options.Laser.Radius,
                Speed = parsed.GetValue(speed) ?? options.Laser.Speed,
            },
            SlowRank = rank ?? options.SlowRank,
            SlowFactor = factor ?? options.SlowFactor,
        };
    }
}
