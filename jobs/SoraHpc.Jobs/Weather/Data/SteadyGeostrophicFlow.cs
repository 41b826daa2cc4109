namespace SoraHpc.Jobs.Weather;

/// <summary>Case 2: solid rotation in geostrophic balance; nothing changes. The planet's axis is tilted with the flow. Equations 90–96.</summary>
public sealed class SteadyGeostrophicFlow(double angle) : WilliamsonCase
{
    private const double Speed = 2 * Math.PI * Radius / (12 * Planet.Day), Top = 2.94e4 / Gravity;

    private readonly Cartesian axis = AxisOf(angle);

    public override int Number => 2;
    public override string Title => "steady zonal geostrophic flow";
    public override double Angle => angle;
    public override Cartesian Rotation => Omega * axis;
    public override double Days => 5;
    public override bool HasExactSolution => true;

    /// <inheritdoc/>
    public override FlowState At(Cartesian direction, double seconds) =>
        new(BalancedSurface(Top, Speed, axis.Dot(direction)), 0, Speed * axis.Cross(direction));
}
