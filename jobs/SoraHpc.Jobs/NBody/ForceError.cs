using SoraHpc.Communication;
using SoraHpc.Communication.Reductions;

namespace SoraHpc.Jobs.NBody;

/// <summary>How far the tree's accelerations are from the sums over all bodies, |a − a_direct| / |a_direct|, for some bodies.</summary>
internal readonly record struct ForceError(double RootMeanSquare, double Largest)
{
    /// <summary>For bodies with numbers evenly spaced. The sums over all bodies are exact, so the error has the same bits on any number of ranks. Collective.</summary>
    /// <param name="bodies">Of all ranks.</param>
    // Every rank adds what its bodies do to every sample: samples × own bodies × 3 exact additions.
    internal static unsafe ForceError Of(BodyShare share, SourceRows results, NBodyOptions options, long bodies, Communicator communicator)
    {
        int samples = (int)Math.Min(options.Samples, bodies);
        double[] state = new double[6 * samples];
        for (int i = 0; i < share.Count; i++)
        {
            ref readonly Body body = ref share.Bodies[i];
            // The one sample, if any, with this number: sample k is body k N / S.
            int k = (int)(((Int128)body.Id * samples + bodies - 1) / bodies);
            if (k < samples && (long)((Int128)k * bodies / samples) == body.Id)
                (state[6 * k], state[6 * k + 1], state[6 * k + 2], state[6 * k + 3], state[6 * k + 4], state[6 * k + 5]) =
                    (body.X, body.Y, body.Z, results.Row(0)[i], results.Row(1)[i], results.Row(2)[i]);
        }
        communicator.Allreduce<double>(state, ReduceOperation.Sum);             // one rank has it, all others zeros: no rounding
        double squares = 0, largest = 0;
        ExactSum[] sums = [new(), new(), new()];
        for (int k = 0; k < samples; k++)
        {
            foreach (ExactSum sum in sums)
                sum.Clear();
            AddDirect(share.Bodies, state.AsSpan(6 * k, 3), options.Softening, sums);
            double off = 0, whole = 0;
            for (int d = 0; d < 3; d++)
            {
                double direct = sums[d].Allreduce(communicator);
                off += (state[6 * k + 3 + d] - direct) * (state[6 * k + 3 + d] - direct);
                whole += direct * direct;
            }
            double relative = whole > 0 ? off / whole : 0;
            squares += relative;
            largest = Math.Max(largest, Math.Sqrt(relative));
        }
        return new(Math.Sqrt(squares / samples), largest);
    }

    private static void AddDirect(ReadOnlySpan<Body> bodies, ReadOnlySpan<double> at, double softening, ExactSum[] sums)
    {
        foreach (ref readonly Body body in bodies)
        {
            double dx = body.X - at[0], dy = body.Y - at[1], dz = body.Z - at[2];
            double distance = Math.Sqrt(dx * dx + dy * dy + dz * dz + softening * softening), strength = body.Mass / (distance * distance * distance);
            sums[0].Add(strength * dx);
            sums[1].Add(strength * dy);
            sums[2].Add(strength * dz);
        }
    }
}
