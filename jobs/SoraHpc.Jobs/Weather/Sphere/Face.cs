namespace SoraHpc.Jobs.Weather;

/// <summary>A side of an element or of a panel, in the order in which interface terms are added.</summary>
public enum Face
{
    /// <summary>ξ = −1; its nodes run along η.</summary>
    West,
    /// <summary>ξ = +1; its nodes run along η.</summary>
    East,
    /// <summary>η = −1; its nodes run along ξ.</summary>
    South,
    /// <summary>η = +1; its nodes run along ξ.</summary>
    North,
}

/// <summary>What touches a face: the element there, by which of its faces, and whether its nodes run the other way.</summary>
public readonly record struct Neighbour(int Element, Face Face, bool Reversed);
