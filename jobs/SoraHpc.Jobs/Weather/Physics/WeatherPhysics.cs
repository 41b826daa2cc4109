using System.Diagnostics;
using SoraHpc.Communication;
using SoraHpc.Communication.Reductions;
using SoraHpc.Diagnostics;
using SoraHpc.Runtime.Stealing;
using SoraHpc.Runtime.Resilience;
using SoraHpc.Storage.Checkpoints;

namespace SoraHpc.Jobs.Weather;

/// <summary>
/// A column under every node, and what they do to the flow: the free surface relaxes to a height in proportion to the column's mean
/// temperature, as the thickness of a layer of air is. Warm columns gain mass and cold ones lose it, over the sphere nothing.
/// </summary>
/// <remarks>
/// Source: Showman, Polvani, Astrophys. J. 738 (2011) 71, eqs. 9–11: ∂h/∂t = … + Q with Q = (h_eq − h) / τ; mass gained comes in without
/// momentum, mass lost takes its own along.
/// </remarks>
internal sealed unsafe class WeatherPhysics : IDisposable
{
    private readonly ShallowWaterModel model;
    private readonly Communicator communicator;
    private readonly PhysicsOptions options;
    private readonly ColumnModel columns;
    private readonly ExactSum sum = new();
    private readonly double area;
    private double since;
    private long steps;

    /// <summary>Works out the radiation at <paramref name="begin"/> [s]. Collective.</summary>
    /// <exception cref="UsageException">The flow is only carried along.</exception>
    internal WeatherPhysics(ShallowWaterModel model, Communicator communicator, PhysicsOptions options, double begin)
    {
        if (model.Dynamics != Dynamics.ShallowWater)
            throw new UsageException("columns act on a flow that moves by itself: take case 2, 5 or 6 or a data file, or leave the physics out");
        (this.model, this.communicator, this.options, since) = (model, communicator, options, begin);
        int nodes = model.Map.Owned.Length * Layout.Element;
        GeoPoint[] places = new GeoPoint[nodes];
        for (int n = 0; n < nodes; n++)
            places[n] = GeoPoint.Of(model.DirectionOf(n));
        columns = new(communicator, places, options);
        (SurfaceTemperature, NetRadiation, OutgoingLongwave) = (new double[nodes], new double[nodes], new double[nodes]);
        area = Integral((_, _) => 1);
        columns.Advance(begin, 0);
        Publish();
    }

    /// <summary>Of every node [K].</summary>
    internal double[] SurfaceTemperature { get; }

    /// <summary>Radiation into the column less what leaves it, at the top of every node's column [W m⁻²].</summary>
    internal double[] NetRadiation { get; }

    /// <summary>Longwave that leaves at the top [W m⁻²].</summary>
    internal double[] OutgoingLongwave { get; }

    /// <summary>After each step of the flow: when it is time, advances the columns to <paramref name="now"/> [s] and lets them act. Collective.</summary>
    /// <returns>Time this rank looked for columns in vain [ticks of <see cref="Stopwatch"/>].</returns>
    internal long AfterStep(double now)
    {
        if (++steps % options.Every != 0)
            return 0;
        Span<Column> own = columns.Columns;
        for (int n = 0; n < own.Length; n++)
            own[n].Wind = model.NodeAt(n / Layout.Element, n % Layout.Element).Wind.Length;
        double seconds = now - since;
        TaskStatistics tasks = columns.Advance(since, seconds);
        Force(1 - Math.Exp(-seconds / (options.RelaxationDays * Planet.Day)));
        Publish();
        since = now;
        return (long)(tasks.IdleSeconds * Stopwatch.Frequency);
    }

    /// <summary>Hands over the columns and when they were advanced last. Collective.</summary>
    internal void Save(CheckpointWriter checkpoint)
    {
        int length = Column.NumbersOf(options.Layers);
        double[] numbers = new double[columns.Columns.Length * length];
        for (int n = 0; n < columns.Columns.Length; n++)
            columns.Columns[n].CopyTo(numbers.AsSpan(n * length, length));
        checkpoint.AddElements<double>("columns", model.Map.Sphere.Elements, FieldCheckpoints.RangesOf(model.Map.Owned), numbers, Layout.Element * length);
        checkpoint.AddShared("columns-advanced-to", [since]);
    }

    /// <summary>Takes them back, after so many steps of the flow. Collective.</summary>
    internal void Restore(CheckpointReader checkpoint, long steps)
    {
        int length = Column.NumbersOf(options.Layers);
        double[] numbers = new double[columns.Columns.Length * length];
        checkpoint.ReadElements<double>("columns", model.Map.Sphere.Elements, FieldCheckpoints.RangesOf(model.Map.Owned), numbers, Layout.Element * length);
        for (int n = 0; n < columns.Columns.Length; n++)
            columns.Columns[n].CopyFrom(numbers.AsSpan(n * length, length));
        (since, this.steps) = (checkpoint.ReadShared<double>("columns-advanced-to")[0], steps);
        Publish();
    }

    /// <inheritdoc/>
    public void Dispose() => columns.Dispose();

    // The mean of the height aimed at is the mean height, so what is added everywhere and what is taken away cancel.
    private void Force(double part)
    {
        double height = Integral((node, _) => node.Surface) / area, temperature = Integral((_, column) => column.MeanTemperature) / area;
        ReadOnlySpan<Column> own = columns.Columns;
        for (int n = 0; n < own.Length; n++)
        {
            double* state = model.State.Address + n / Layout.Element * Layout.State + n % Layout.Element;
            double surface = model.NodeAt(n / Layout.Element, n % Layout.Element).Surface;
            double gain = part * (height * own[n].MeanTemperature / temperature - surface), depth = state[Layout.Height] + gain;
            if (!(depth > 0))
                throw new SoraException(FormattableString.Invariant($"the columns take away more water than there is at {double.RadiansToDegrees(Math.Asin(own[n].SinLatitude)):F1}° N, {double.RadiansToDegrees(own[n].Longitude):F1}° E: let them relax over more days"));
            double kept = gain < 0 ? depth / state[Layout.Height] : 1;
            state[Layout.Height] = depth;
            state[Layout.MomentumX] *= kept;
            state[Layout.MomentumY] *= kept;
            state[Layout.MomentumZ] *= kept;
        }
    }

    private double Integral(Func<FlowState, Column, double> of)
    {
        sum.Clear();
        ReadOnlySpan<double> areas = model.Coefficients.Areas.GetSpan();
        ReadOnlySpan<Column> own = columns.Columns;
        for (int n = 0; n < own.Length; n++)
            sum.AddProduct(areas[n], of(model.NodeAt(n / Layout.Element, n % Layout.Element), own[n]));
        return sum.Allreduce(communicator);
    }

    private void Publish()
    {
        ReadOnlySpan<Column> own = columns.Columns;
        for (int n = 0; n < own.Length; n++)
            (SurfaceTemperature[n], NetRadiation[n], OutgoingLongwave[n]) = (own[n].SurfaceTemperature, own[n].NetRadiation, own[n].OutgoingLongwave);
    }
}
