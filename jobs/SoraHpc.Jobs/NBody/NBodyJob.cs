using System.Globalization;
using SoraHpc.Communication;
using SoraHpc.Communication.Reductions;
using SoraHpc.Decomposition;
using SoraHpc.Diagnostics;
using SoraHpc.Runtime;
using SoraHpc.Runtime.Elasticity;
using SoraHpc.Storage;

namespace SoraHpc.Jobs.NBody;

/// <summary>
/// Bodies under gravity: a tree code whose bodies are dealt anew in every step, by what each cost in the step before. The result has the same bits on any
/// number of ranks. Read <see cref="Step"/>, then <see cref="TreeGravity.Compute"/>.
/// </summary>
public sealed class NBodyJob : IProbedJob
{
    private readonly NBodyOptions options;
    private readonly BodySource data;
    private BodyShare share = null!;
    private TreeGravity gravity = null!;
    private Conserved before;
    private double interactionsBefore;
    private ForceError? forceError;
    private Hdf5File? output;
    private int done;

    private NBodyJob(NBodyOptions options, BodySource data) => (this.options, this.data) = (options, data);

    /// <summary>The whole job on every rank of a world. Collective.</summary>
    public static RunResult Run(Communicator world, NBodyOptions options, SoraOptions? soraOptions = null) => Run(world, options, out _, soraOptions);

    /// <summary>As above, and leaves this rank's bodies where they can be looked at.</summary>
    internal static RunResult Run(Communicator world, NBodyOptions options, out NBodyJob job, SoraOptions? soraOptions = null)
    {
        if (options.GroupBodies < options.LeafBodies)
            throw new UsageException($"groups of {options.GroupBodies} bodies are smaller than leaves of {options.LeafBodies}: give at least as many");
        BodySource data = new(options);
        NBodyJob made = job = new(options, data);
        Sora sora = new(data, new SlabPartitioner(), options.Balancing, options.Sync, new FixedSize(), soraOptions);
        RunResult result = sora.Run(world, job);
        // The slabs only say who loads what.
        return result with { WorkUnit = "interactions", Quality = null, Observables = made.before.Extend(result.Observables, made.forceError),
            Choices = $"{data}; θ {options.Theta.ToString(CultureInfo.InvariantCulture)}, {options.Expansion.ToString().ToLowerInvariant()}s; bodies dealt by {options.DealBy.ToString().ToLowerInvariant()}; {result.Choices}" };
    }

    /// <summary>This rank's bodies, in the order of the curve.</summary>
    internal ReadOnlySpan<Body> Bodies => share.Bodies;

    /// <inheritdoc/>
    public string Name => "nbody";

    /// <inheritdoc/>
    public bool IsDone => done == options.Steps;

    /// <inheritdoc/>
    public JobProgress Progress => new(options.Steps == 0 ? 1 : (double)done / options.Steps, FormattableString.Invariant($"t = {data.Time + done * options.TimeStep:0.###}"));

    /// <inheritdoc/>
    public double Probe() => KernelProbe.Run();

    /// <inheritdoc/>
    public void Prepare(Particle particle)
    {
        share = new BodyShare(data.Loaded);
        gravity = particle.Own(new TreeGravity(particle, options, CapabilitiesOf(particle)));
        gravity.Compute(share);
        before = Conserved.Of(share, gravity.Results, particle.Communicator);
        interactionsBefore = gravity.Interactions;
        if (options.Output is not null)
            output = particle.Own(BodyFile.Create(options.Output, particle.Partition.Grid.Extent.Columns, data.Time + options.Steps * options.TimeStep, particle.Communicator));
    }

    /// <summary>One step of leapfrog: half a kick, a drift, and with the accelerations at the new places the other half.</summary>
    /// <remarks>Second order and symplectic for a fixed Δt. Source: R. W. Hockney and J. W. Eastwood, Computer Simulation Using Particles (1988).</remarks>
    public void Step(Particle particle)
    {
        Kick();
        double step = options.TimeStep;
        foreach (ref Body body in share.Bodies)
            (body.X, body.Y, body.Z) = (body.X + step * body.VX, body.Y + step * body.VY, body.Z + step * body.VZ);
        gravity.Compute(share);
        Kick();
        done++;
        particle.WorkPerStep = (gravity.Interactions - interactionsBefore) / (particle.Step + 1);
    }

    /// <inheritdoc/>
    public void Observe(Particle particle, Observables observables)
    {
        ReadOnlySpan<string> names = Conserved.Names;
        ExactSum[] sums = new ExactSum[names.Length];
        for (int i = 0; i < sums.Length; i++)
            sums[i] = observables.Sum(names[i]);
        Conserved.Add(share, gravity.Results, sums);
    }

    /// <inheritdoc/>
    public void Finish(Particle particle)
    {
        if (options.Samples > 0)
            forceError = ForceError.Of(share, gravity.Results, options, particle.Partition.Grid.Extent.Columns, particle.Communicator);
        if (output is null)
            return;
        BodyFile.WriteShare(output, InOrderOfNumbers(particle));
        output.Commit();
    }

    private unsafe void Kick()
    {
        double half = options.TimeStep / 2;
        double* x = gravity.Results.Row(0), y = gravity.Results.Row(1), z = gravity.Results.Row(2);
        Span<Body> bodies = share.Bodies;
        for (int i = 0; i < bodies.Length; i++)
        {
            ref Body body = ref bodies[i];
            (body.VX, body.VY, body.VZ) = (body.VX + half * x[i], body.VY + half * y[i], body.VZ + half * z[i]);
        }
    }

    // Every rank gets back the numbers it loaded.
    private Body[] InOrderOfNumbers(Particle particle)
    {
        Communicator communicator = particle.Communicator;
        long[] ends = [.. Enumerable.Range(0, communicator.Size).Select(rank => particle.Placement.PartsOf(rank).Select(part => particle.Partition.Blocks[part].End.Column).FirstOrDefault())];
        Body[] sorted = share.Bodies.ToArray(), own = new Body[checked((int)particle.Cells)];
        Array.Sort(sorted, (a, b) => a.Id.CompareTo(b.Id));
        int[] sends = new int[communicator.Size], receives = new int[communicator.Size];
        for (int rank = 0, at = 0; rank < sends.Length; rank++)
            for (; at < sorted.Length && sorted[at].Id < ends[rank]; at++)
                sends[rank]++;
        communicator.Alltoall<int>(sends, receives);
        communicator.Alltoallv<Body>(sorted, sends, own, receives);
        Array.Sort(own, (a, b) => a.Id.CompareTo(b.Id));
        return own;
    }

    // The slabs were cut in proportion to what the balancer found; bodies are dealt in the same.
    private static double[] CapabilitiesOf(Particle particle) =>
        [.. Enumerable.Range(0, particle.Communicator.Size).Select(rank => (double)particle.Placement.PartsOf(rank).Sum(part => particle.Partition.Blocks[part].Cells))];
}
