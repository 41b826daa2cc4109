using System.Diagnostics;
using System.Runtime.Intrinsics;
using SoraHpc.Communication;

namespace SoraHpc.Jobs.Weather;

/// <summary>One rank's elements, their state and how it steps. All ranks of the communicator make one and call the same methods.</summary>
public sealed unsafe class ShallowWaterModel : IDisposable
{
    /// <summary>Largest stable Δt · (sum over ξ and η of the fastest wave's speed in reference lengths per second).</summary>
    /// <remarks>Of the upwind operator of degree 3 with the five-stage Runge–Kutta scheme; found by computing the eigenvalues (README.md).</remarks>
    public const double LargestCourantNumber = 0.75;

    private const double Rusanov = 0.5;

    private readonly Communicator communicator;
    private readonly FaceExchange exchange;
    private readonly AlignedBuffer<double> increment;

    /// <param name="communicator">Of the ranks that share the elements; only sent to, not owned.</param>
    /// <param name="map">This rank's elements.</param>
    /// <param name="rotation">The planet's axis times Ω [s⁻¹].</param>
    public ShallowWaterModel(Communicator communicator, ElementMap map, Cartesian rotation, Dynamics dynamics)
    {
        (this.communicator, Map, Dynamics) = (communicator, map, dynamics);
        State = new(map.Slots * Layout.State);
        increment = new(map.Owned.Length * Layout.State);
        Coefficients = new(map, rotation);
        exchange = new(communicator, map, State);
    }

    public ElementMap Map { get; }

    public Dynamics Dynamics { get; }

    /// <summary>Owned elements one after the other, <see cref="Layout.State"/> doubles each; then what came from other ranks.</summary>
    public AlignedBuffer<double> State { get; }

    public ElementCoefficients Coefficients { get; }

    /// <summary>Time spent waiting for other ranks' faces in all steps so far [ticks of <see cref="Stopwatch"/>].</summary>
    public long WaitedTicks { get; private set; }

    /// <summary>The state of the owned elements.</summary>
    public Span<double> Owned => State.GetSpan()[..(Map.Owned.Length * Layout.State)];

    /// <summary>Sets depth, bottom and wind at every node of the owned elements. Collective.</summary>
    public void Initialise(Func<Cartesian, FlowState> at)
    {
        var nodes = new FlowState[Map.Owned.Length * Layout.Element];
        for (int n = 0; n < nodes.Length; n++)
            nodes[n] = at(DirectionOf(n));
        Initialise(nodes);
    }

    /// <summary>As above, from values already at hand: <paramref name="nodes"/>[16 e + n] for node n of local element e. Collective.</summary>
    public void Initialise(ReadOnlySpan<FlowState> nodes)
    {
        for (int n = 0; n < nodes.Length; n++)
            State.Address[At(n)] = nodes[n].Bottom;
        exchange.Start();
        exchange.Finish();
        Coefficients.SetBottom(Map, State.Address);
        for (int n = 0; n < nodes.Length; n++)
        {
            Cartesian up = Up(n), wind = nodes[n].Wind - nodes[n].Wind.Dot(up) * up;
            Cartesian carried = Dynamics == Dynamics.Advection ? wind : nodes[n].Depth * wind;
            double* node = State.Address + At(n);
            (node[0], node[Layout.MomentumX], node[Layout.MomentumY], node[Layout.MomentumZ]) = (nodes[n].Depth, carried.X, carried.Y, carried.Z);
        }
    }

    /// <summary>Advances by <paramref name="seconds"/>. Faces travel while the inside of the elements is computed. Collective with the neighbours.</summary>
    public void Step(double seconds)
    {
        for (int stage = 0; stage < LowStorageRungeKutta.Carry.Length; stage++)
        {
            exchange.Start();
            Volume(LowStorageRungeKutta.Carry[stage], seconds);
            long begun = Stopwatch.GetTimestamp();
            exchange.Finish();
            WaitedTicks += Stopwatch.GetTimestamp() - begun;
            Faces(Rusanov, seconds);
            Advance(LowStorageRungeKutta.Advance[stage]);
        }
    }

    /// <summary>Before steps from a state that was put in its place from outside: nothing of the steps before is left. What the first stage
    /// carries over counts 0 times, but 0 times what is no number is none either. Local.</summary>
    public void ForgetSteps() => increment.GetSpan().Clear();

    /// <summary>The tendency of the owned elements, laid out as <see cref="Owned"/>. Collective with the neighbours.</summary>
    /// <param name="dissipation">½ for the flux the model uses, 0 for the one that conserves energy.</param>
    public ReadOnlySpan<double> Tendency(double dissipation = Rusanov)
    {
        exchange.Start();
        Volume(carry: 0, seconds: 1);
        exchange.Finish();
        Faces(dissipation, seconds: 1);
        return increment.GetSpan();
    }

    /// <summary>The longest stable step for the state as it is [s]. Collective.</summary>
    public double StableTimeStep()
    {
        double fastest = 0;
        for (int n = 0; n < Map.Owned.Length * Layout.Element; n++)
            fastest = Math.Max(fastest, Speed(n));
        return LargestCourantNumber / communicator.Allreduce(fastest, ReduceOperation.Max);
    }

    /// <summary>Depth, bottom and wind at a node of an owned element.</summary>
    public FlowState NodeAt(int local, int node)
    {
        double* state = State.Address + local * Layout.State + node;
        double scale = Dynamics == Dynamics.Advection ? 1 : 1 / state[0];
        Cartesian wind = scale * new Cartesian(state[Layout.MomentumX], state[Layout.MomentumY], state[Layout.MomentumZ]);
        return new(state[0], Coefficients.Volume.Address[local * Layout.Coefficients + Layout.Bottom + node], wind);
    }

    /// <summary>Unit vector to a node: <paramref name="n"/> = 16 · local element + node.</summary>
    public Cartesian DirectionOf(int n)
    {
        int node = n % Layout.Element;
        return Map.Sphere.Direction(Map.Owned[n / Layout.Element], LobattoBasis.Points[node % Layout.Line], LobattoBasis.Points[node / Layout.Line]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        exchange.Dispose();
        Coefficients.Dispose();
        ((IDisposable)increment).Dispose();
        ((IDisposable)State).Dispose();
    }

    private void Volume(double carry, double seconds)
    {
        if (Dynamics == Dynamics.Advection)
            AdvectionKernel.Volume(State.Address, Coefficients.Volume.Address, increment.Address, Map.Owned.Length, carry, seconds);
        else
            ShallowWaterKernel.Volume(State.Address, Coefficients.Volume.Address, increment.Address, Map.Owned.Length, carry, seconds);
    }

    private void Faces(double dissipation, double seconds)
    {
        if (Dynamics == Dynamics.Advection)
            AdvectionKernel.Faces(State.Address, Map.Links, Coefficients.Faces.Address, increment.Address, dissipation, seconds);
        else
            ShallowWaterKernel.Faces(State.Address, Map.Links, Coefficients.Faces.Address, increment.Address, dissipation, seconds);
    }

    // Traffic: 16 B read, 8 B written per double. The length is a multiple of every vector's.
    private void Advance(double share)
    {
        Vector512<double> factor = Vector512.Create(share);
        for (int i = 0; i < increment.Length; i += Vector512<double>.Count)
            (Vector512.Load(State.Address + i) + factor * Vector512.Load(increment.Address + i)).Store(State.Address + i);
    }

    private double Speed(int n)
    {
        double* state = State.Address + At(n), c = Coefficients.Volume.Address + n / Layout.Element * Layout.Coefficients + n % Layout.Element;
        bool waves = Dynamics == Dynamics.ShallowWater;
        double wave = waves ? Math.Sqrt(Planet.Gravity * state[0]) : 0, scale = waves ? 1 / state[0] : 1, speed = 0;
        Cartesian carried = new(state[Layout.MomentumX], state[Layout.MomentumY], state[Layout.MomentumZ]);
        for (int direction = Layout.First; direction <= Layout.Second; direction += 3 * Layout.Element)
        {
            Cartesian normal = new(c[direction], c[direction + Layout.Element], c[direction + 2 * Layout.Element]);
            speed += Math.Abs(normal.Dot(carried)) * scale + wave * normal.Length;
        }
        return speed * c[Layout.InverseJacobian];
    }

    private Cartesian Up(int n)
    {
        double* up = Coefficients.Volume.Address + n / Layout.Element * Layout.Coefficients + Layout.Up + n % Layout.Element;
        return new(up[0], up[Layout.Element], up[2 * Layout.Element]);
    }

    private static int At(int n) => n / Layout.Element * Layout.State + n % Layout.Element;
}
