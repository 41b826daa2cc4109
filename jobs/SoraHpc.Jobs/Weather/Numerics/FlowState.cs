namespace SoraHpc.Jobs.Weather;

/// <summary>What the fluid does at a place.</summary>
/// <param name="Depth">h [m], the fluid's thickness.</param>
/// <param name="Bottom">b [m]; the free surface is at h + b.</param>
/// <param name="Wind">V [m s⁻¹], tangent to the sphere, in Cartesian components.</param>
public readonly record struct FlowState(double Depth, double Bottom, Cartesian Wind)
{
    /// <summary>Height of the free surface [m].</summary>
    public double Surface => Depth + Bottom;
}
