namespace SoraHpc.Solvers.Operators;

/// <summary>What lies beyond the last cell of a grid, along every dimension.</summary>
public enum StencilBoundary
{
    /// <summary>The unknown beyond is zero: unknowns are at nodes, the next node is on the boundary.</summary>
    ZeroBeyond,
    /// <summary>The unknown beyond is minus the last one: unknowns are at cell centres and zero on the face between.</summary>
    ZeroOnFace,
    /// <summary>The unknown beyond is the last one: no flux through the face between.</summary>
    NoFlux,
}

/// <summary>
/// A symmetric stencil of constant weights: on 7 points one weight along each dimension, on 27 points one weight each for the
/// neighbours across a face, an edge and a corner.
/// </summary>
public sealed record Stencil
{
    private Stencil() { }

    /// <summary>Weight of the cell itself.</summary>
    public double Centre { get; private init; }

    /// <summary>Weights of the neighbours across a face, along planes, rows and columns.</summary>
    public double AlongPlanes { get; private init; }

    /// <inheritdoc cref="AlongPlanes"/>
    public double AlongRows { get; private init; }

    /// <inheritdoc cref="AlongPlanes"/>
    public double AlongColumns { get; private init; }

    /// <summary>Weight of the 12 neighbours across an edge; 0 on 7 points.</summary>
    public double Edge { get; private init; }

    /// <summary>Weight of the 8 neighbours across a corner; 0 on 7 points.</summary>
    public double Corner { get; private init; }

    /// <summary>7, or 27 when edges or corners have a weight.</summary>
    public int Points => Edge != 0 || Corner != 0 ? 27 : 7;

    /// <summary>The sum of all weights: what a constant is multiplied with away from the boundary.</summary>
    public double Shift => Centre + 2 * (AlongPlanes + AlongRows + AlongColumns) + 12 * Edge + 8 * Corner;

    /// <summary>No eigenvalue is larger, by Gershgorin's circles: the centre and the sizes of all other weights.</summary>
    public double LargestEigenvalueBound => Centre + 2 * (Math.Abs(AlongPlanes) + Math.Abs(AlongRows) + Math.Abs(AlongColumns)) + 12 * Math.Abs(Edge) + 8 * Math.Abs(Corner);

    /// <summary>7 points with any weights.</summary>
    public static Stencil SevenPoint(double centre, double alongPlanes, double alongRows, double alongColumns) =>
        new() { Centre = centre, AlongPlanes = alongPlanes, AlongRows = alongRows, AlongColumns = alongColumns };

    /// <summary>27 points with any weights.</summary>
    public static Stencil TwentySevenPoint(double centre, double face, double edge, double corner) =>
        new() { Centre = centre, AlongPlanes = face, AlongRows = face, AlongColumns = face, Edge = edge, Corner = corner };

    /// <summary>−∇² on 7 points, second order.</summary>
    /// <param name="spacing">Cell width h, the unit of length.</param>
    public static Stencil Laplacian(double spacing)
    {
        double w = 1 / (spacing * spacing);
        return SevenPoint(6 * w, -w, -w, -w);
    }

    /// <summary>The same differential operator on cells twice as wide: differences a quarter, the shift kept.</summary>
    internal Stencil Coarsened()
    {
        double centre = Shift + (Centre - Shift) / 4;
        return this with { Centre = centre, AlongPlanes = AlongPlanes / 4, AlongRows = AlongRows / 4, AlongColumns = AlongColumns / 4, Edge = Edge / 4, Corner = Corner / 4 };
    }

    /// <summary>The stencil of <paramref name="identity"/>·I + <paramref name="factor"/>·A.</summary>
    internal Stencil Polynomial(double identity, double factor) => this with
    {
        Centre = Math.FusedMultiplyAdd(factor, Centre, identity),
        AlongPlanes = factor * AlongPlanes, AlongRows = factor * AlongRows, AlongColumns = factor * AlongColumns,
        Edge = factor * Edge, Corner = factor * Corner,
    };
}
