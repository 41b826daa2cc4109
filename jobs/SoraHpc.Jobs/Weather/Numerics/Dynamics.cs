namespace SoraHpc.Jobs.Weather;

/// <summary>What moves.</summary>
public enum Dynamics
{
    /// <summary>Depth and momentum: the shallow-water equations. The momentum slots hold h·V.</summary>
    ShallowWater,
    /// <summary>Only the depth, carried by a wind that stays as it is. The momentum slots hold V.</summary>
    Advection,
}
