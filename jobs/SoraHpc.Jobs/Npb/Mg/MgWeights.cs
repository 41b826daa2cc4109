namespace SoraHpc.Jobs.Npb.Mg;

/// <summary>A symmetric operator on 27 points.</summary>
/// <param name="Centre">Weight of the point itself.</param>
/// <param name="Face">Of its 6 neighbours at distance 1.</param>
/// <param name="Edge">Of the 12 at √2.</param>
/// <param name="Corner">Of the 8 at √3.</param>
internal sealed record MgWeights(double Centre, double Face, double Edge, double Corner)
{
    /// <summary>A of the equation A·u = v: the trilinear finite element discretisation of the Poisson operator.</summary>
    internal static readonly MgWeights Operator = new(-8.0 / 3, 0, 1.0 / 6, 1.0 / 12);

    /// <summary>P: full weighting of a fine grid at the points of the coarse one.</summary>
    internal static readonly MgWeights Restriction = new(1.0 / 2, 1.0 / 4, 1.0 / 8, 1.0 / 16);
}
