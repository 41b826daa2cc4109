namespace SoraHpc.Jobs.Weather;

/// <summary>
/// Takes the flow at given places from a latitude–longitude grid by cubic Lagrange interpolation in both directions, across the
/// poles and round the globe. Winds are interpolated as Cartesian vectors, which know no pole. A place's value depends on its
/// sixteen points alone, so every rank gets the bits that any other would.
/// </summary>
public sealed class LatLonSampler
{
    private const int Stencil = 4;

    private readonly LatLonGrid grid;
    private readonly GeoPoint[] places;

    /// <param name="directions">Unit vectors to the places.</param>
    public LatLonSampler(LatLonGrid grid, ReadOnlySpan<Cartesian> directions)
    {
        this.grid = grid;
        places = new GeoPoint[directions.Length];
        (int least, int most) = (grid.Rows, -1);
        for (int i = 0; i < places.Length; i++)
        {
            places[i] = GeoPoint.Of(directions[i]);
            int first = (int)Math.Floor(grid.PositionOf(places[i]).Row) - 1;
            for (int row = first; row < first + Stencil; row++)
            {
                int wrapped = grid.Wrap(row, 0).Row;
                (least, most) = (Math.Min(least, wrapped), Math.Max(most, wrapped));
            }
        }
        (FirstRow, RowCount) = most < 0 ? (0, 0) : (least, most - least + 1);
    }

    /// <summary>First row of the grid that the places need.</summary>
    public int FirstRow { get; }

    /// <summary>Rows that the places need; 0 without places.</summary>
    public int RowCount { get; }

    /// <summary>The flow at the places.</summary>
    /// <param name="rows">At least <see cref="RowCount"/> rows from <see cref="FirstRow"/> on.</param>
    public FlowState[] Sample(LatLonRows rows)
    {
        var winds = new Cartesian[rows.Rows * grid.Columns];
        for (int i = 0; i < winds.Length; i++)
            winds[i] = grid.PointAt(rows.FirstRow + i / grid.Columns, i % grid.Columns).Wind(rows.Eastward[i], rows.Northward[i]);
        var states = new FlowState[places.Length];
        for (int i = 0; i < states.Length; i++)
            states[i] = SampleOne(places[i], rows, winds);
        return states;
    }

    private FlowState SampleOne(GeoPoint place, LatLonRows rows, Cartesian[] winds)
    {
        (double row, double column) = grid.PositionOf(place);
        int firstRow = (int)Math.Floor(row) - 1, firstColumn = (int)Math.Floor(column) - 1;
        Span<double> alongRows = stackalloc double[Stencil], alongColumns = stackalloc double[Stencil];
        Lagrange(row - firstRow, alongRows);
        Lagrange(column - firstColumn, alongColumns);
        double surface = 0, bottom = 0;
        Cartesian wind = default;
        for (int j = 0; j < Stencil; j++)
            for (int i = 0; i < Stencil; i++)
            {
                (int atRow, int atColumn) = grid.Wrap(firstRow + j, firstColumn + i);
                int at = (atRow - rows.FirstRow) * grid.Columns + atColumn;
                double weight = alongRows[j] * alongColumns[i];
                surface += weight * rows.Surface[at];
                bottom += weight * rows.Bottom[at];
                wind += weight * winds[at];
            }
        return new(surface - bottom, bottom, wind);
    }

    // Weights of the points 0, 1, 2, 3 at a position in [1, 2].
    private static void Lagrange(double position, Span<double> weights)
    {
        double a = position, b = position - 1, c = position - 2, d = position - 3;
        (weights[0], weights[1], weights[2], weights[3]) = (b * c * d / -6, a * c * d / 2, a * b * d / -2, a * b * c / 6);
    }
}
