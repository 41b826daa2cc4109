using System.Diagnostics;
using SoraHpc.Communication;
using SoraHpc.Communication.Reductions;
using SoraHpc.Diagnostics;
using SoraHpc.Runtime;
using SoraHpc.Runtime.Resilience;
using SoraHpc.Storage.Checkpoints;

namespace SoraHpc.Jobs.Weather;

/// <summary>A forecast with the shallow-water equations on the rotating sphere. One instance per rank.</summary>
public sealed class WeatherJob(WeatherInput input) : ICheckedJob
{
    private const double SafetyFactor = 0.8;
    private const int StepsBetweenChecks = 50;

    // Mass drifts by rounding alone: about 1e-15 a step. Nothing on Earth blows faster than a third of this [m/s].
    private const double MassDrift = 1e-9, FastestWind = 500;

    private readonly WeatherOptions options = input.Options;
    private readonly long begun = Stopwatch.GetTimestamp();
    private ModelClock clock = null!;
    private ShallowWaterModel model = null!;
    private WeatherPhysics? physics;
    private WeatherOutput? output;
    private FlowIntegrals before;
    private double first;
    private long waited, spoken;
    private string text = "";

    /// <summary>The whole job on every rank of a world; the observables of the result include drifts and errors. Collective.</summary>
    public static RunResult Run(Communicator world, WeatherOptions options, SoraOptions? soraOptions = null)
    {
        WeatherInput input = new(options);
        WeatherJob job = new(input);
        Sora sora = new(input, options.Partition, options.Balancing, options.Sync, options.Elasticity, soraOptions);
        RunResult result = sora.Run(world, job);
        return job.Summary is { } summary ? result with { Observables = summary.Extend(result.Observables) } : result;
    }

    /// <inheritdoc/>
    public string Name => "weather";

    /// <inheritdoc/>
    public bool IsDone => clock.IsOver;

    /// <summary>What the run came to, after its end; the same on every rank that took part in the last step, null on others.</summary>
    public WeatherSummary? Summary { get; private set; }

    /// <inheritdoc/>
    public JobProgress Progress => new(clock.Fraction, Text());

    /// <inheritdoc/>
    public void Prepare(Particle particle)
    {
        model = input.Model;
        double limit = model.StableTimeStep(), longest = options.TimeStep ?? SafetyFactor * limit;
        if (longest > limit && !particle.IsRestarted)     // then it was looked at with the state it began from
            throw new UsageException(FormattableString.Invariant($"a time step of {longest:G6} s is past the stability limit of {limit:F1} s ")
                + $"for {options.Elements} elements along a panel: use at most that, or leave it out");
        double hours = options.Hours ?? (input.Case?.Days ?? 1) * 24;
        clock = ClockOf(hours * 3600, longest);
        before = FlowIntegrals.Of(model, particle.Communicator);
        waited = model.WaitedTicks;                     // loading may have stepped too, to filter the start
        Check();
        physics = options.Physics is { } columns ? particle.Own(new WeatherPhysics(model, particle.Communicator, columns, clock.Seconds)) : null;
        output = Writes ? particle.Own(new WeatherOutput(input, particle.Communicator, clock.Stops, physics)) : null;
        if (!particle.IsRestarted)
            output?.Write();
    }

    /// <inheritdoc/>
    public ulong Fingerprint => ResultFingerprint.Of(options.Case, options.Angle, ResultFingerprint.OfFile(options.DataFile), options.Level, options.Month,
        options.Hours, options.Elements, options.TimeStep, options.FilterHours, options.Physics?.Layers, options.Physics?.Every, options.Physics?.Date,
        options.Physics?.RelaxationDays, options.OutputEvery, options.OutputRows, options.Output is null, options.Picture is null);

    /// <inheritdoc/>
    public void Save(Particle particle, CheckpointWriter checkpoint)
    {
        checkpoint.AddElements<double>("state", model.Map.Sphere.Elements, FieldCheckpoints.RangesOf(model.Map.Owned), OwnedState, Layout.State);
        checkpoint.AddShared("longest-step", [clock.LongestAllowed]);
        checkpoint.AddShared("integrals-of-start", [before]);
        physics?.Save(checkpoint);
        output?.Save(checkpoint);
    }

    /// <inheritdoc/>
    public void Restore(Particle particle, CheckpointReader checkpoint)
    {
        checkpoint.ReadElements("state", model.Map.Sphere.Elements, FieldCheckpoints.RangesOf(model.Map.Owned), OwnedState, Layout.State);
        model.ForgetSteps();
        before = checkpoint.ReadShared<FlowIntegrals>("integrals-of-start")[0];
        // The clock's steps are arithmetic: taken again they come to the same bits.
        clock = ClockOf(clock.End, checkpoint.ReadShared<double>("longest-step")[0]);
        while (clock.Steps < particle.Step)
            clock.Advance();
        first = clock.Seconds;
        physics?.Restore(checkpoint, clock.Steps);
        output?.Restore(checkpoint);
    }

    /// <inheritdoc/>
    public void Step(Particle particle)
    {
        model.Step(clock.Step);
        particle.CountWait(Stopwatch.GetTimestamp() - (model.WaitedTicks - waited));
        waited = model.WaitedTicks;
        bool stops = clock.Advance();
        long idle = physics?.AfterStep(clock.Seconds) ?? 0;
        particle.CountWait(Stopwatch.GetTimestamp() - idle);
        if (!particle.IsChecked && (stops || clock.Steps % StepsBetweenChecks == 0))
            Check();
        if (stops)
            output?.Write();
    }

    /// <summary>Depths above 0 (where the flow moves by itself), winds a planet can have, and the mass of the start.</summary>
    public void Check(Particle particle, IntegrityChecks checks)
    {
        bool isFlow = model.Dynamics == Dynamics.ShallowWater;
        double least = isFlow ? double.Epsilon : -double.MaxValue, mass = 0;
        ReadOnlySpan<double> areas = model.Coefficients.Areas.GetSpan();
        for (int n = 0; n < model.Map.Owned.Length * Layout.Element; n++)
        {
            FlowState node = model.NodeAt(n / Layout.Element, n % Layout.Element);
            double wind = node.Wind.Length;
            if (!(node.Depth >= least && node.Depth <= double.MaxValue))
                checks.OutOfRange("depth", node.Depth, least, double.MaxValue, PlaceOf(n));
            if (isFlow && !(wind <= FastestWind))
                checks.OutOfRange("wind", wind, 0, FastestWind, PlaceOf(n));
            mass += areas[n] * node.Depth;
        }
        double room = MassDrift * Math.Abs(before.Mass);
        checks.Sum("mass", mass, before.Mass - room, before.Mass + room);
    }

    private string PlaceOf(int node) => $"element {model.Map.Owned[node / Layout.Element]}, node {node % Layout.Element}";

    /// <inheritdoc/>
    public void Observe(Particle particle, Observables observables)
    {
        // With a given wind, energy and potential enstrophy are not the flow's own.
        bool hasDynamics = model.Dynamics == Dynamics.ShallowWater;
        ExactSum mass = observables.Sum("mass"), energy = hasDynamics ? observables.Sum("energy") : new();
        double least = FlowIntegrals.Add(model, mass, energy, hasDynamics ? observables.Sum("potential enstrophy") : new());
        observables.Min("least depth", least);
    }

    /// <inheritdoc/>
    public void Finish(Particle particle)
    {
        FlowIntegrals after = FlowIntegrals.Of(model, particle.Communicator);
        ErrorNorms? errors = input.Case is { HasExactSolution: true } test
            ? ErrorNorms.OfHeight(model, direction => test.At(direction, clock.Seconds), particle.Communicator) : null;
        Summary = new(clock.Seconds / 3600, clock.Steps, clock.LongestStep, before, after, model.Dynamics, errors);
        output?.Finish(Summary);
    }

    private Memory<double> OwnedState => model.State.Memory[..model.Owned.Length];

    private bool Writes => options.Output is not null || options.Picture is not null;

    private ModelClock ClockOf(double end, double longest) => new(end, Writes ? options.OutputEvery * 3600 : double.PositiveInfinity, longest);

    // Local: a rank that finds nonsense ends the run of all.
    private void Check()
    {
        bool mayBeDry = model.Dynamics == Dynamics.Advection;
        for (int n = 0; n < model.Map.Owned.Length * Layout.Element; n++)
        {
            FlowState node = model.NodeAt(n / Layout.Element, n % Layout.Element);
            if (!double.IsFinite(node.Depth + node.Wind.X + node.Wind.Y + node.Wind.Z) || !mayBeDry && node.Depth <= 0)
                throw new SoraException(FormattableString.Invariant($"depth {node.Depth:G4} m, wind {node.Wind.Length:G4} m/s after {clock.Seconds / 3600:F1} h: ")
                    + FormattableString.Invariant($"the flow has become unstable; use a time step shorter than {clock.LongestStep:F0} s"));
        }
    }

    private string Text()
    {
        if (spoken > 0 && Stopwatch.GetElapsedTime(spoken).TotalSeconds < 0.2 && !clock.IsOver)
            return text;
        spoken = Stopwatch.GetTimestamp();
        double speed = (clock.Seconds - first) / Math.Max(1e-9, Stopwatch.GetElapsedTime(begun, spoken).TotalSeconds);     // days per day = seconds per second
        return text = FormattableString.Invariant($"{clock.Seconds / 3600:F1} h of {clock.End / 3600:G6} h, {speed:N0} days/day");
    }
}
