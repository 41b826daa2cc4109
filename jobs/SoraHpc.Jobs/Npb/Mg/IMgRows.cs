namespace SoraHpc.Jobs.Npb.Mg;

/// <summary>What is done with every row of a grid. A struct type parameter: no call is left of it.</summary>
internal interface IMgRows
{
    void Apply(int plane, int row);
}

internal readonly record struct ResidualRows(MgStencil Stencil, MgGrid U, MgGrid V, MgGrid R) : IMgRows
{
    public void Apply(int plane, int row) => Stencil.Residual(U, V, R, plane, row);
}

internal readonly record struct SmoothRows(MgStencil Stencil, MgGrid R, MgGrid U, MgWeights Smoother) : IMgRows
{
    public void Apply(int plane, int row) => Stencil.Smooth(R, U, Smoother, plane, row);
}

internal readonly record struct RestrictRows(MgStencil Stencil, MgGrid Fine, MgGrid Coarse) : IMgRows
{
    public void Apply(int plane, int row) => Stencil.Restrict(Fine, Coarse, plane, row);
}

internal readonly record struct InterpolateRows(MgStencil Stencil, MgGrid Coarse, MgGrid Fine, bool Add) : IMgRows
{
    public void Apply(int plane, int row) => Stencil.Interpolate(Coarse, Fine, plane, row, Add);
}
