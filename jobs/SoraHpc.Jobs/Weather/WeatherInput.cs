using SoraHpc.Communication;
using SoraHpc.Decomposition;
using SoraHpc.Diagnostics;
using SoraHpc.Runtime;

namespace SoraHpc.Jobs.Weather;

/// <summary>
/// Where a forecast starts: a case of the standard test set, or a latitude–longitude file of which every rank reads the rows its
/// elements need. One instance per rank.
/// </summary>
public sealed class WeatherInput(WeatherOptions options) : IDataSource
{
    private readonly CubedSphere sphere = new(options.Elements);
    private readonly bool fromFile = options.DataFile is not null;

    internal WeatherOptions Options => options;

    /// <summary>The case of the standard test set; null when the start is an analysis.</summary>
    internal WilliamsonCase? Case { get; private set; } = options.CreateCase();

    internal ShallowWaterModel Model { get; private set; } = null!;

    internal Func<int, int> OwnerOf { get; private set; } = null!;

    /// <inheritdoc/>
    public Grid Open(Communicator world)
    {
        if (!fromFile)
            return sphere.Grid;
        using LatLonFile file = new(options.DataFile!, world);
        Case = file.Case;
        return sphere.Grid;
    }

    /// <inheritdoc/>
    public void Load(Particle particle)
    {
        OwnerOf = element => particle.Placement.RankOf(particle.Partition.OwnerOf(sphere.CellOf(element)));
        ElementMap map = new(sphere, particle.Rank, OwnerOf);
        Model = particle.Own(new ShallowWaterModel(particle.Communicator, map,
            Case?.Rotation ?? new Cartesian(0, 0, Planet.Rotation), Case?.Dynamics ?? Dynamics.ShallowWater));
        if (!fromFile)
        {
            Model.Initialise(direction => Case!.At(direction, 0));
            return;
        }
        Model.Initialise(Sample(particle.Communicator));
        if (Case is null && options.FilterHours > 0 && !particle.IsRestarted)
            DigitalFilter.Apply(Model, options.FilterHours);
    }

    private FlowState[] Sample(Communicator communicator)
    {
        Cartesian[] directions = [.. Enumerable.Range(0, Model.Map.Owned.Length * Layout.Element).Select(Model.DirectionOf)];
        using LatLonFile file = new(options.DataFile!, communicator);
        LatLonSampler sampler = new(file.Grid, directions);
        FlowState[] states = sampler.Sample(file.Read(sampler.FirstRow, sampler.RowCount, options));
        int dry = Model.Dynamics == Dynamics.Advection ? -1 : Array.FindIndex(states, state => !(state.Depth > 0));
        return dry < 0 ? states : throw new SoraException(
            $"{options.DataFile}: the surface lies {-states[dry].Depth:F0} m below the bottom at {PlaceOf(directions[dry])}: the model needs water everywhere");
    }

    private static string PlaceOf(Cartesian direction)
    {
        GeoPoint point = GeoPoint.Of(direction);
        return $"{point.Latitude * (180 / Math.PI):F1}° N, {point.Longitude * (180 / Math.PI):F1}° E";
    }
}
