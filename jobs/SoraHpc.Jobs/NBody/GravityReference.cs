namespace SoraHpc.Jobs.NBody;

/// <summary>The plain definition: the sum over all other bodies, one after the other.</summary>
public static class GravityReference
{
    /// <summary>Acceleration of body <paramref name="target"/> and its potential.</summary>
    /// <param name="softening">ε ≥ 0.</param>
    public static (double X, double Y, double Z, double Potential) At(ReadOnlySpan<Body> bodies, int target, double softening)
    {
        (double ax, double ay, double az, double potential) = (0, 0, 0, 0);
        for (int source = 0; source < bodies.Length; source++)
        {
            if (source == target)
                continue;
            double dx = bodies[source].X - bodies[target].X, dy = bodies[source].Y - bodies[target].Y, dz = bodies[source].Z - bodies[target].Z;
            double distance = Math.Sqrt(dx * dx + dy * dy + dz * dz + softening * softening), strength = bodies[source].Mass / (distance * distance * distance);
            (ax, ay, az, potential) = (ax + strength * dx, ay + strength * dy, az + strength * dz, potential - bodies[source].Mass / distance);
        }
        return (ax, ay, az, potential);
    }
}
