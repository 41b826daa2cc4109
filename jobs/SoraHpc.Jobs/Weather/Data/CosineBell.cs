namespace SoraHpc.Jobs.Weather;

/// <summary>Case 1: a cosine bell goes once around the sphere in 12 days, over the poles when α = π/2. Equations 75–80.</summary>
public sealed class CosineBell(double angle) : WilliamsonCase
{
    private const double Height = 1000, BellRadius = Radius / 3, Speed = 2 * Math.PI * Radius / (12 * Planet.Day);

    private readonly Cartesian axis = AxisOf(angle), start = new GeoPoint(0, 3 * Math.PI / 2).Direction;

    public override int Number => 1;
    public override string Title => "advection of a cosine bell";
    public override double Angle => angle;
    public override Dynamics Dynamics => Dynamics.Advection;
    public override double Days => 12;
    public override bool HasExactSolution => true;

    /// <inheritdoc/>
    public override FlowState At(Cartesian direction, double seconds)
    {
        // The start lies on the flow's equator, so it goes round in the plane spanned by itself and axis × start.
        (double sin, double cos) = Math.SinCos(Speed / Radius * seconds);
        Cartesian centre = cos * start + sin * axis.Cross(start);
        double distance = Radius * Math.Atan2(direction.Cross(centre).Length, direction.Dot(centre));
        double depth = distance < BellRadius ? Height / 2 * (1 + Math.Cos(Math.PI * distance / BellRadius)) : 0;
        return new(depth, 0, Speed * axis.Cross(direction));
    }
}
