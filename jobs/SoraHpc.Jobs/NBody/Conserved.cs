using SoraHpc.Communication;
using SoraHpc.Communication.Reductions;

namespace SoraHpc.Jobs.NBody;

/// <summary>What the motion should leave as it is: energies and momenta, each an exact sum over all bodies rounded once.</summary>
/// <param name="Kinetic">Σ m v² / 2.</param>
/// <param name="Potential">Σ m φ / 2, with the tree's φ.</param>
internal readonly record struct Conserved(double Kinetic, double Potential, double MomentumX, double MomentumY, double MomentumZ, double SpinX, double SpinY, double SpinZ)
{
    /// <summary>The observables, in the order of the record.</summary>
    internal static ReadOnlySpan<string> Names => names;

    private static readonly string[] names = ["kinetic energy", "potential energy", "momentum x", "momentum y", "momentum z", "angular momentum x", "angular momentum y", "angular momentum z"];

    internal double Energy => Kinetic + Potential;

    /// <summary>Over all ranks; the same on each. Collective.</summary>
    internal static Conserved Of(BodyShare share, SourceRows results, Communicator communicator)
    {
        ExactSum[] sums = [.. names.Select(_ => new ExactSum())];
        Add(share, results, sums);
        double[] of = Array.ConvertAll(sums, sum => sum.Allreduce(communicator));
        return new(of[0], of[1], of[2], of[3], of[4], of[5], of[6], of[7]);
    }

    /// <summary>Adds this rank's terms to sums in the order of <see cref="Names"/>. Local.</summary>
    internal static unsafe void Add(BodyShare share, SourceRows results, ReadOnlySpan<ExactSum> sums)
    {
        double* potential = results.Row(3);
        ReadOnlySpan<Body> bodies = share.Bodies;
        for (int i = 0; i < bodies.Length; i++)
        {
            ref readonly Body body = ref bodies[i];
            sums[0].Add(0.5 * body.Mass * (body.VX * body.VX + body.VY * body.VY + body.VZ * body.VZ));
            sums[1].Add(0.5 * body.Mass * potential[i]);
            sums[2].AddProduct(body.Mass, body.VX);
            sums[3].AddProduct(body.Mass, body.VY);
            sums[4].AddProduct(body.Mass, body.VZ);
            sums[5].Add(body.Mass * (body.Y * body.VZ - body.Z * body.VY));
            sums[6].Add(body.Mass * (body.Z * body.VX - body.X * body.VZ));
            sums[7].Add(body.Mass * (body.X * body.VY - body.Y * body.VX));
        }
    }

    /// <summary>The observables of a run that began with this, with what has drifted, and the error of sampled forces.</summary>
    internal IReadOnlyDictionary<string, double> Extend(IReadOnlyDictionary<string, double> after, ForceError? error)
    {
        Dictionary<string, double> all = new(after) { ["energy"] = after[names[0]] + after[names[1]] };
        all["energy drift"] = (all["energy"] - Energy) / Math.Abs(Energy);
        all["momentum drift"] = Norm(after[names[2]] - MomentumX, after[names[3]] - MomentumY, after[names[4]] - MomentumZ);
        all["angular momentum drift"] = Norm(after[names[5]] - SpinX, after[names[6]] - SpinY, after[names[7]] - SpinZ);
        if (error is { } sampled)
            (all["force error, root mean square"], all["force error, largest"]) = (sampled.RootMeanSquare, sampled.Largest);
        return all;
    }

    private static double Norm(double x, double y, double z) => Math.Sqrt(x * x + y * y + z * z);
}
