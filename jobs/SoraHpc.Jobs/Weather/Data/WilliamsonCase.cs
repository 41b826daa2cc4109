using SoraHpc.Diagnostics;

namespace SoraHpc.Jobs.Weather;

/// <summary>
/// The standard test set for the shallow-water equations in spherical geometry: initial states, and the exact solution where there
/// is one.
/// </summary>
/// <remarks>Source: Williamson, Drake, Hack, Jakob, Swarztrauber, J. Comput. Phys. 102 (1992) 211–224, section 3; equations as cited.</remarks>
public abstract class WilliamsonCase
{
    private protected const double Radius = Planet.Radius, Omega = Planet.Rotation, Gravity = Planet.Gravity;

    /// <param name="number">1, 2, 5 or 6.</param>
    /// <param name="angle">α [rad] between the flow's axis and the pole, in cases 1 and 2; 0 in the others.</param>
    /// <exception cref="UsageException">There is no such case here, or the case has no angle.</exception>
    public static WilliamsonCase Create(int number, double angle = 0)
    {
        if (number is 5 or 6 && angle != 0)
            throw new UsageException($"case {number} has no angle: leave it out, or choose case 1 or 2");
        return number switch
        {
            1 => new CosineBell(angle),
            2 => new SteadyGeostrophicFlow(angle),
            5 => new FlowOverMountain(),
            6 => new RossbyHaurwitzWave(),
            _ => throw new UsageException($"case {number} of the test set is not available: choose 1, 2, 5 or 6"),
        };
    }

    /// <summary>The number in the paper.</summary>
    public abstract int Number { get; }

    /// <summary>What it is, in a few words.</summary>
    public abstract string Title { get; }

    /// <summary>α [rad].</summary>
    public virtual double Angle => 0;

    public virtual Dynamics Dynamics => Dynamics.ShallowWater;

    /// <summary>The planet's axis times Ω [s⁻¹]; tilted with the flow in case 2.</summary>
    public virtual Cartesian Rotation => new(0, 0, Omega);

    /// <summary>Days after which the paper measures.</summary>
    public abstract double Days { get; }

    /// <summary>True when <see cref="At"/> knows every time, not only 0.</summary>
    public virtual bool HasExactSolution => false;

    /// <summary>The flow in a direction at a time [s]; without an exact solution that of time 0.</summary>
    public abstract FlowState At(Cartesian direction, double seconds);

    /// <summary>Axis, tilted by the angle, of a flow around the sphere in solid rotation (equations 75, 76).</summary>
    private protected static Cartesian AxisOf(double angle) => new(-Math.Sin(angle), 0, Math.Cos(angle));

    /// <summary>Free surface in balance with solid rotation at <paramref name="speed"/> [m s⁻¹] about the planet's axis (equation 95).</summary>
    private protected static double BalancedSurface(double top, double speed, double sine) =>
        top - (Radius * Omega * speed + speed * speed / 2) / Gravity * sine * sine;
}
