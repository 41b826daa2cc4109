using SoraHpc.Communication;

namespace SoraHpc.Jobs.Weather;

/// <summary>
/// Brings the flow from the elements to a latitude–longitude grid: each point is evaluated by the one rank that owns the one element
/// that answers for it, from that element's polynomials, and sent to the rank that holds its row. Rows are dealt out evenly and in
/// order, so that a file can be written in parallel.
/// </summary>
public sealed class LatLonOutput
{
    private const int FlowFields = 4;   // surface, eastward and northward wind, vorticity

    private readonly record struct Target(int Local, double Xi, double Eta, GeoPoint Point);

    private readonly ShallowWaterModel model;
    private readonly Communicator communicator;
    private readonly Target[] targets;
    private readonly int[] sendCounts, receiveCounts, places;
    private readonly double[] send, receive, vorticity;
    private readonly IReadOnlyList<double[]> nodal;

    /// <param name="ownerOf">Rank that owns an element; the same answer on every rank.</param>
    /// <param name="nodal">Further quantities, each one number a node of this rank's elements; as many on every rank.</param>
    public LatLonOutput(ShallowWaterModel model, LatLonGrid grid, Func<int, int> ownerOf, Communicator communicator, IReadOnlyList<double[]>? nodal = null)
    {
        this.nodal = nodal ??= [];
        (this.model, this.communicator, Grid) = (model, communicator, grid);
        FirstRow = RowsBefore(communicator.Rank);
        Rows = RowsBefore(communicator.Rank + 1) - FirstRow;
        (sendCounts, receiveCounts) = (new int[communicator.Size], new int[communicator.Size]);
        (targets, int[] sources) = Locate(ownerOf);
        // What a rank sends comes in the order of the grid, so the sender of each point and that order give its place.
        int[] next = new int[communicator.Size];
        for (int rank = 1; rank < next.Length; rank++)
            next[rank] = next[rank - 1] + receiveCounts[rank - 1] / Fields;
        places = [.. sources.Select(source => next[source]++)];
        Further = [.. nodal.Select(_ => new double[Rows * grid.Columns])];
        send = new double[targets.Length * Fields];
        receive = new double[sources.Length * Fields];
        vorticity = new double[model.Map.Owned.Length * Layout.Element];
        int points = Rows * grid.Columns;
        (Surface, Eastward, Northward, Vorticity) = (new double[points], new double[points], new double[points], new double[points]);
    }

    public LatLonGrid Grid { get; }

    /// <summary>First of this rank's rows.</summary>
    public int FirstRow { get; }

    /// <summary>This rank's rows; possibly none.</summary>
    public int Rows { get; }

    /// <summary>Height of the free surface [m] in this rank's rows, shape (rows, columns), after <see cref="Collect"/>.</summary>
    public double[] Surface { get; }

    /// <summary>u [m s⁻¹], likewise.</summary>
    public double[] Eastward { get; }

    /// <summary>v [m s⁻¹], likewise.</summary>
    public double[] Northward { get; }

    /// <summary>ζ [s⁻¹], likewise.</summary>
    public double[] Vorticity { get; }

    /// <summary>The further quantities, likewise.</summary>
    public IReadOnlyList<double[]> Further { get; }

    private int Fields => FlowFields + nodal.Count;

    /// <summary>Evaluates the state as it is. Collective.</summary>
    public void Collect()
    {
        for (int e = 0; e < model.Map.Owned.Length; e++)
            Weather.Vorticity.Relative(model, e, vorticity.AsSpan(e * Layout.Element, Layout.Element));
        for (int i = 0; i < targets.Length; i++)
            Evaluate(targets[i], send.AsSpan(i * Fields, Fields));
        communicator.Alltoallv<double>(send, sendCounts, receive, receiveCounts);
        for (int i = 0; i < places.Length; i++)
        {
            ReadOnlySpan<double> point = receive.AsSpan(places[i] * Fields, Fields);
            (Surface[i], Eastward[i], Northward[i], Vorticity[i]) = (point[0], point[1], point[2], point[3]);
            for (int f = 0; f < nodal.Count; f++)
                Further[f][i] = point[FlowFields + f];
        }
    }

    private int RowsBefore(int rank) => (int)((long)Grid.Rows * rank / communicator.Size);

    private (Target[] Own, int[] Sources) Locate(Func<int, int> ownerOf)
    {
        var own = new List<Target>();
        var sources = new List<int>(Rows * Grid.Columns);
        for (int rank = 0; rank < communicator.Size; rank++)
            for (int row = RowsBefore(rank); row < RowsBefore(rank + 1); row++)
                for (int column = 0; column < Grid.Columns; column++)
                {
                    GeoPoint point = Grid.PointAt(row, column);
                    (int element, double xi, double eta) = model.Map.Sphere.Locate(point.Direction);
                    if (rank == communicator.Rank)
                    {
                        int owner = ownerOf(element);
                        sources.Add(owner);
                        receiveCounts[owner] += Fields;
                    }
                    if (!model.Map.TryLocal(element, out int local))
                        continue;
                    own.Add(new(local, xi, eta, point));
                    sendCounts[rank] += Fields;
                }
        return ([.. own], [.. sources]);
    }

    private void Evaluate(Target target, Span<double> values)
    {
        Span<double> alongXi = stackalloc double[Layout.Line], alongEta = stackalloc double[Layout.Line];
        LobattoBasis.Evaluate(target.Xi, alongXi);
        LobattoBasis.Evaluate(target.Eta, alongEta);
        double surface = 0, spin = 0;
        Cartesian wind = default;
        values[FlowFields..].Clear();
        for (int node = 0; node < Layout.Element; node++)
        {
            double weight = alongEta[node / Layout.Line] * alongXi[node % Layout.Line];
            FlowState state = model.NodeAt(target.Local, node);
            surface += weight * state.Surface;
            wind += weight * state.Wind;
            spin += weight * vorticity[target.Local * Layout.Element + node];
            for (int f = 0; f < nodal.Count; f++)
                values[FlowFields + f] += weight * nodal[f][target.Local * Layout.Element + node];
        }
        (values[0], values[1], values[2], values[3]) = (surface, wind.Dot(target.Point.East), wind.Dot(target.Point.North), spin);
    }
}
