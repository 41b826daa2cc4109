namespace SoraHpc.Jobs.NBody;

/// <summary>A cell of the tree that one rank has whole: what is dealt to ranks.</summary>
/// <param name="Key">Its first place on the curve.</param>
/// <param name="Bodies">Of all ranks, ≥ 1.</param>
/// <param name="Cost">Of those bodies.</param>
internal readonly record struct Piece(ulong Key, int Depth, long Bodies, long Cost)
{
    /// <summary>The first place behind it.</summary>
    internal ulong End => Key + RootCube.PlacesOf(Depth);
}
