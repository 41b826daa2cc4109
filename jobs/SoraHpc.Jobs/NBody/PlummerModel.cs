using SoraHpc.Communication;
using SoraHpc.Communication.Reductions;
using SoraHpc.Diagnostics;
using SoraHpc.Solvers.RandomNumbers;

namespace SoraHpc.Jobs.NBody;

/// <summary>
/// Spheres of stars in equilibrium (Plummer's), of G = M = 1 and, for one sphere, energy −1/4. Every body is made from its number alone, so it
/// has the same bits whoever makes it.
/// </summary>
/// <remarks>Source: S. J. Aarseth, M. Hénon and R. Wielen, Astron. Astrophys. 37 (1974) 183–187, appendix; here all radii but the outermost
/// thousandth of the mass.</remarks>
public sealed record PlummerModel
{
    /// <summary>Scale radius a = 3π/16, with which the energy is −1/4.</summary>
    public const double ScaleRadius = 3 * Math.PI / 16;

    private const double MostMass = 0.999, Separation = 4, Shrink = 0.5;

    // Streams of the seed: bodies have those of their numbers, spheres come after all bodies there can be.
    private const ulong SphereStream = 1UL << 63;

    /// <summary>How many bodies, ≥ 1. Default: 10 000.</summary>
    public long Bodies { get; init => field = value >= 1 ? value : throw new UsageException($"{value} bodies are none: give 1 or more"); } = 10_000;

    /// <summary>
    /// Spheres, in [1, 32]. Each has half the mass and bodies of the one before (the last two the same) and half its radius, so the small ones are
    /// much denser; their middles lie at random in a cube of side 8. Default: 1.
    /// </summary>
    public int Spheres { get; init => field = value is >= 1 and <= 32 ? value : throw new UsageException($"{value} spheres are out of range: give 1 to 32"); } = 1;

    /// <summary>Of all random numbers.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>The bodies with numbers from <paramref name="first"/> on, not yet centred. Local.</summary>
    public void Fill(long first, Span<Body> bodies)
    {
        for (int i = 0; i < bodies.Length; i++)
            bodies[i] = Make(first + i);
    }

    /// <summary>Puts centre of mass and mean velocity of all bodies at zero; same bits however they are shared. Collective.</summary>
    /// <param name="communicator">The ranks that hold the bodies; null: this one has all.</param>
    public static void Centre(Span<Body> bodies, Communicator? communicator)
    {
        ExactSum[] sums = [new(), new(), new(), new(), new(), new(), new()];
        foreach (ref readonly Body body in bodies)
        {
            sums[0].Add(body.Mass);
            sums[1].AddProduct(body.Mass, body.X);
            sums[2].AddProduct(body.Mass, body.Y);
            sums[3].AddProduct(body.Mass, body.Z);
            sums[4].AddProduct(body.Mass, body.VX);
            sums[5].AddProduct(body.Mass, body.VY);
            sums[6].AddProduct(body.Mass, body.VZ);
        }
        double[] of = Array.ConvertAll(sums, sum => communicator is null ? sum.Value : sum.Allreduce(communicator));
        foreach (ref Body body in bodies)
        {
            (body.X, body.Y, body.Z) = (body.X - of[1] / of[0], body.Y - of[2] / of[0], body.Z - of[3] / of[0]);
            (body.VX, body.VY, body.VZ) = (body.VX - of[4] / of[0], body.VY - of[5] / of[0], body.VZ - of[6] / of[0]);
        }
    }

    private Body Make(long number)
    {
        RandomSequence random = new(Seed, (ulong)number);
        int sphere = Math.Min((int)long.TrailingZeroCount(number + 1), Spheres - 1);
        double mass = Math.ScaleB(1, -Math.Min(sphere + 1, Spheres - 1)), scale = ScaleRadius * Math.Pow(Shrink, sphere);
        double radius = 1 / Math.Sqrt(Math.Pow(MostMass * random.UniformAt(0), -2.0 / 3) - 1);
        double escape = Math.Sqrt(2) * Math.Pow(1 + radius * radius, -0.25);
        (double x, double y, double z) = Direction(random, 1);
        (double vx, double vy, double vz) = Direction(random, 3);
        double speed = SpeedFraction(random) * escape * Math.Sqrt(mass / scale);
        (double atX, double atY, double atZ) = Middle(sphere);
        radius *= scale;
        return new Body
        {
            X = atX + radius * x, Y = atY + radius * y, Z = atZ + radius * z,
            VX = speed * vx, VY = speed * vy, VZ = speed * vz,
            Mass = 1.0 / Bodies, Id = number, Cost = 1,
        };
    }

    private (double X, double Y, double Z) Middle(int sphere)
    {
        if (Spheres == 1)
            return default;
        RandomSequence random = new(Seed, SphereStream + (ulong)sphere);
        return (Separation * (2 * random.UniformAt(0) - 1), Separation * (2 * random.UniformAt(1) - 1), Separation * (2 * random.UniformAt(2) - 1));
    }

    private static (double X, double Y, double Z) Direction(RandomSequence random, long position)
    {
        double z = 2 * random.UniformAt(position) - 1, angle = 2 * Math.PI * random.UniformAt(position + 1), across = Math.Sqrt(1 - z * z);
        return (across * Math.Cos(angle), across * Math.Sin(angle), z);
    }

    // Speed over escape speed has density q²(1 − q²)^(7/2), which is below 0.1: drawn by rejection.
    private static double SpeedFraction(RandomSequence random)
    {
        for (long position = 5; ; position += 2)
        {
            double q = random.UniformAt(position), rest = 1 - q * q;
            if (0.1 * random.UniformAt(position + 1) < q * q * rest * rest * rest * Math.Sqrt(rest))
                return q;
        }
    }
}
