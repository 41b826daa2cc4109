using SoraHpc.Decomposition;

namespace SoraHpc.Jobs.Weather;

/// <summary>
/// The equiangular cubed sphere: six panels of n × n elements. An element is numbered (panel · n + row) · n + column: rows of the
/// panels stacked on each other. Pure arithmetic, the same bits on every rank.
/// </summary>
/// <remarks>Source: Ronchi, Iacono, Paolucci, J. Comput. Phys. 124 (1996) 93–114.</remarks>
public sealed class CubedSphere
{
    public const int Panels = 6;
    public const int Faces = 4;

    // Centre, direction of increasing column and of increasing row of each panel: right-handed seen from outside.
    private static readonly (Cartesian Centre, Cartesian Columns, Cartesian Rows)[] Axes =
    [
        (new(1, 0, 0), new(0, 1, 0), new(0, 0, 1)),
        (new(0, 1, 0), new(-1, 0, 0), new(0, 0, 1)),
        (new(-1, 0, 0), new(0, -1, 0), new(0, 0, 1)),
        (new(0, -1, 0), new(1, 0, 0), new(0, 0, 1)),
        (new(0, 0, 1), new(0, 1, 0), new(-1, 0, 0)),
        (new(0, 0, -1), new(0, 1, 0), new(1, 0, 0)),
    ];

    /// <param name="elementsPerSide">Elements along a panel's side, in [1, 16384].</param>
    public CubedSphere(int elementsPerSide)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(elementsPerSide, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(elementsPerSide, 16384);
        ElementsPerSide = elementsPerSide;
    }

    /// <summary>Elements along a panel's side.</summary>
    public int ElementsPerSide { get; }

    /// <summary>6 n².</summary>
    public int Elements => Panels * ElementsPerSide * ElementsPerSide;

    /// <summary>Angle an element spans along a coordinate line through the panel's centre [rad].</summary>
    public double ElementAngle => Math.PI / 2 / ElementsPerSide;

    /// <summary>The nodes as a grid for partitioners: panels stacked along rows, cut only between elements.</summary>
    public Grid Grid
    {
        get
        {
            long side = (long)ElementsPerSide * LobattoBasis.Nodes;
            return new(new Extent(Panels * side, side), new CubedSphereBoundary(), new Extent(LobattoBasis.Nodes, LobattoBasis.Nodes));
        }
    }

    /// <summary>The first node of an element in <see cref="Grid"/>.</summary>
    public Cell CellOf(int element)
    {
        (int stackedRow, int column) = Math.DivRem(element, ElementsPerSide);
        return new((long)stackedRow * LobattoBasis.Nodes, (long)column * LobattoBasis.Nodes);
    }

    /// <summary>Unit vector to a point of an element.</summary>
    /// <param name="xi">ξ along columns, in [−1, 1].</param>
    /// <param name="eta">η along rows, in [−1, 1].</param>
    public Cartesian Direction(int element, double xi, double eta)
    {
        (int panel, double x, double y) = Gnomonic(element, xi, eta);
        return Project(panel, x, y);
    }

    /// <summary>Unit vector k to a point of an element and the tangents ∂k/∂ξ, ∂k/∂η of the unit sphere, exact derivatives of the map.</summary>
    public (Cartesian Up, Cartesian AlongXi, Cartesian AlongEta) Tangents(int element, double xi, double eta)
    {
        (int panel, double x, double y) = Gnomonic(element, xi, eta);
        (_, Cartesian columns, Cartesian rows) = Axes[panel];
        Cartesian up = Project(panel, x, y);
        double length = Math.Sqrt(1 + x * x + y * y), half = ElementAngle / 2;
        // k = p/|p| with p = C + X·A + Y·B: ∂k/∂X = (A − k (k·A))/|p|, and dX/dξ = (1 + X²)·(angle/2) as X = tan α.
        Cartesian alongXi = half * (1 + x * x) / length * (columns - up.Dot(columns) * up);
        Cartesian alongEta = half * (1 + y * y) / length * (rows - up.Dot(rows) * up);
        return (up, alongXi, alongEta);
    }

    /// <summary>What touches the face of an element.</summary>
    public Neighbour Neighbour(int element, Face face)
    {
        (int panel, int row, int column) = Split(element);
        (int toRow, int toColumn) = face switch
        {
            Face.West => (row, column - 1),
            Face.East => (row, column + 1),
            Face.South => (row - 1, column),
            _ => (row + 1, column),
        };
        int last = ElementsPerSide - 1;
        if (toRow >= 0 && toRow <= last && toColumn >= 0 && toColumn <= last)
            return new(Join(panel, toRow, toColumn), Opposite(face), false);

        (int other, Face otherFace, bool reversed) = Seam(panel, face);
        int along = face is Face.West or Face.East ? row : column;
        along = reversed ? last - along : along;
        return otherFace switch
        {
            Face.West => new(Join(other, along, 0), otherFace, reversed),
            Face.East => new(Join(other, along, last), otherFace, reversed),
            Face.South => new(Join(other, 0, along), otherFace, reversed),
            _ => new(Join(other, last, along), otherFace, reversed),
        };
    }

    /// <summary>The panel across an edge of a panel, by which of its edges, and whether positions along the edge run the other way.</summary>
    public static (int Panel, Face Face, bool Reversed) Seam(int panel, Face face)
    {
        // Across the edge towards direction d lies the panel whose centre is d; there the edge is the one towards our own centre.
        int other = Array.FindIndex(Axes, axes => axes.Centre == Outward(panel, face));
        Face otherFace = Enum.GetValues<Face>().First(candidate => Outward(other, candidate) == Axes[panel].Centre);
        return (other, otherFace, Running(panel, face) != Running(other, otherFace));
    }

    /// <summary>The one element that answers for a direction, and the place in it. A point on a common edge belongs to one of them by rule.</summary>
    public (int Element, double Xi, double Eta) Locate(Cartesian direction)
    {
        int panel = 0;
        for (int candidate = 1; candidate < Panels; candidate++)
            panel = direction.Dot(Axes[candidate].Centre) > direction.Dot(Axes[panel].Centre) ? candidate : panel;
        (Cartesian centre, Cartesian columns, Cartesian rows) = Axes[panel];
        double depth = direction.Dot(centre);
        (int column, double xi) = Within(Math.Atan(direction.Dot(columns) / depth));
        (int row, double eta) = Within(Math.Atan(direction.Dot(rows) / depth));
        return (Join(panel, row, column), xi, eta);
    }

    private (int Index, double Local) Within(double angle)
    {
        double position = (angle + Math.PI / 4) / ElementAngle;
        int index = Math.Clamp((int)Math.Floor(position), 0, ElementsPerSide - 1);
        return (index, Math.Clamp(2 * (position - index) - 1, -1, 1));
    }

    private (int Panel, double X, double Y) Gnomonic(int element, double xi, double eta)
    {
        (int panel, int row, int column) = Split(element);
        double side = ElementsPerSide;
        // Measured from the centre of the panel so that mirrored nodes get mirrored bits.
        double alpha = Math.PI / 4 * ((2 * column + 1 - side + xi) / side), beta = Math.PI / 4 * ((2 * row + 1 - side + eta) / side);
        return (panel, Math.Tan(alpha), Math.Tan(beta));
    }

    private static Cartesian Project(int panel, double x, double y)
    {
        (Cartesian centre, Cartesian columns, Cartesian rows) = Axes[panel];
        return 1 / Math.Sqrt(1 + x * x + y * y) * (centre + x * columns + y * rows);
    }

    private (int Panel, int Row, int Column) Split(int element)
    {
        (int stackedRow, int column) = Math.DivRem(element, ElementsPerSide);
        (int panel, int row) = Math.DivRem(stackedRow, ElementsPerSide);
        return (panel, row, column);
    }

    private int Join(int panel, int row, int column) => (panel * ElementsPerSide + row) * ElementsPerSide + column;

    private static Face Opposite(Face face) => (Face)((int)face ^ 1);

    private static Cartesian Running(int panel, Face face) => face is Face.West or Face.East ? Axes[panel].Rows : Axes[panel].Columns;

    private static Cartesian Outward(int panel, Face face) => face switch
    {
        Face.West => -1 * Axes[panel].Columns,
        Face.East => Axes[panel].Columns,
        Face.South => -1 * Axes[panel].Rows,
        _ => Axes[panel].Rows,
    };
}
