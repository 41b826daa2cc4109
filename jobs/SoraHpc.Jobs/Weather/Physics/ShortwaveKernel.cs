using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using SoraHpc.Communication;

namespace SoraHpc.Jobs.Weather;

/// <summary>
/// The scheme of <see cref="ShortwaveReference"/> for the eight bands of a column side by side, in the same order of operations and therefore
/// with the same bits. What does not depend on where the sun stands is computed once and used for all its positions. Allocates nothing.
/// </summary>
/// <remarks>Across bands rather than across columns: lanes are always full and never wait for one another, whatever their columns need.</remarks>
internal sealed unsafe class ShortwaveKernel : IDisposable
{
    private const int Lanes = ShortwaveBands.Count, Rows = 15;

    private readonly int layers;
    private readonly AlignedBuffer<double> memory;
    private readonly double* depth, k, ke, weight, nearUp, nearDown, reflect, through, repeat, below, up, down, source, direct, beams;

    internal ShortwaveKernel(int layers)
    {
        this.layers = layers;
        memory = new(Rows * (layers + 1) * Lanes);
        int row = 0;
        depth = Next(); k = Next(); ke = Next(); weight = Next(); nearUp = Next();
        nearDown = Next(); reflect = Next(); through = Next(); repeat = Next(); below = Next();
        up = Next(); down = Next(); source = Next(); direct = Next(); beams = Next();

        double* Next() => memory.Address + row++ * (layers + 1) * Lanes;
    }

    /// <summary>The layers' optics: absorption &gt; 0 and scattering ≥ 0 of layer l in band b at 8·l + b.</summary>
    // Per layer 128 B read, 640 B written to the first-level cache, about 60 vector operations.
    internal void Prepare(double* absorption, double* scattering, double albedo)
    {
        Vector512<double> one = Vector512<double>.One, least = Vector512.Create(ShortwaveReference.LeastAbsorption), alpha = Vector512.Create(ShortwaveReference.Alpha);
        Vector512<double> ground = Vector512.Create(albedo);
        ground.Store(below + layers * Lanes);
        for (int at = (layers - 1) * Lanes; at >= 0; at -= Lanes)
        {
            Vector512<double> absorbed = Vector512.Load(absorption + at), scattered = Vector512.Load(scattering + at), total = absorbed + scattered;
            Vector512<double> inverse = one / total, single = scattered * inverse, lost = absorbed * inverse;
            lost = Vector512.ConditionalSelect(Vector512.LessThan(lost, least), least, lost);
            Vector512<double> decay = ShortwaveReference.Sqrt3 * Vector512.Sqrt(lost), gamma2 = ShortwaveReference.Alpha * single;
            Vector512<double> gamma1 = Vector512.Create(ShortwaveReference.Sqrt3) - gamma2;
            Vector512<double> e = Exponential.Of(-(decay * total)), e2 = e * e, denominator = one / ((decay + gamma1) + (decay - gamma1) * e2);
            Vector512<double> twice = 2 * decay * e, half = 0.5 * decay, mirror = gamma2 * (one - e2) * denominator, passed = twice * denominator;
            Vector512<double> again = one / (one - ground * mirror), whole = passed * again;
            ground = mirror + passed * ground * whole;

            total.Store(depth + at);
            decay.Store(k + at);
            twice.Store(ke + at);
            (single * denominator).Store(weight + at);
            (alpha + half).Store(nearUp + at);
            ((alpha - half) * e2).Store(nearDown + at);
            mirror.Store(reflect + at);
            again.Store(repeat + at);
            whole.Store(through + at);
            ground.Store(below + at);
        }
    }

    /// <summary>Adds the net flux downwards at the layers' boundaries, with the sun at one height, to two weighted sums.</summary>
    /// <param name="inverseCosine">1 / μ, ≥ 1.</param>
    /// <param name="incident">Flux through the horizontal at the top [W m⁻²] in each band.</param>
    /// <param name="first">Sum with weight <paramref name="firstWeight"/>, of boundary l in band b at 8·l + b; <paramref name="second"/> likewise.</param>
    // Per layer 800 B read and 450 B written, all in the first-level cache; about 60 vector operations, one division.
    internal void AddNet(double inverseCosine, Vector512<double> incident, double firstWeight, double* first, double secondWeight, double* second)
    {
        Scatter(inverseCosine, incident);
        Vector512<double> upwards = Vector512.Load(below + layers * Lanes) * Vector512.Load(direct + layers * Lanes);
        upwards.Store(source + layers * Lanes);
        for (int at = (layers - 1) * Lanes; at >= 0; at -= Lanes)
        {
            upwards = Vector512.Load(up + at) + Vector512.Load(through + at) * (upwards + Vector512.Load(below + at + Lanes) * Vector512.Load(down + at));
            upwards.Store(source + at);
        }
        Vector512<double> diffuse = Vector512<double>.Zero;
        Accumulate(incident - upwards, 0, firstWeight, first, secondWeight, second);
        for (int at = 0; at < layers * Lanes; at += Lanes)
        {
            Vector512<double> reflected = Vector512.Load(source + at + Lanes);
            diffuse = Vector512.Load(through + at) * diffuse + Vector512.Load(repeat + at) * (Vector512.Load(reflect + at) * reflected + Vector512.Load(down + at));
            Accumulate(Vector512.Load(direct + at + Lanes) + diffuse - (Vector512.Load(below + at + Lanes) * diffuse + reflected), at + Lanes,
                firstWeight, first, secondWeight, second);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => ((IDisposable)memory).Dispose();

    // What each layer makes of the beam. Two loops: in the first no layer waits for the one above it.
    private void Scatter(double inverseCosine, Vector512<double> incident)
    {
        Vector512<double> v0 = Vector512.Create(inverseCosine), moved = Vector512.Create(inverseCosine * (1 + 2 * ShortwaveReference.Resonance));
        Vector512<double> near = Vector512.Create(ShortwaveReference.Resonance * inverseCosine), alpha = Vector512.Create(ShortwaveReference.Alpha);
        for (int at = 0; at < layers * Lanes; at += Lanes)
        {
            Vector512<double> decay = Vector512.Load(k + at), higher = Vector512.Load(nearUp + at), lower = Vector512.Load(nearDown + at);
            Vector512<double> v = Vector512.ConditionalSelect(Vector512.LessThan(Vector512.Abs(v0 - decay), near), moved, v0);
            Vector512<double> beam = Exponential.Of(-(Vector512.Load(depth + at) * v)), minus = v - decay, plus = v + decay, half = 0.5 * v;
            Vector512<double> scale = Vector512.Load(weight + at) * v / (minus * plus), twice = Vector512.Load(ke + at);
            (scale * (minus * higher - plus * lower - twice * (half - alpha) * beam)).Store(up + at);
            (scale * ((minus * lower - plus * higher) * beam + twice * (half + alpha))).Store(down + at);
            beam.Store(beams + at);
        }
        incident.Store(direct);
        for (int at = 0; at < layers * Lanes; at += Lanes)
        {
            (incident * Vector512.Load(up + at)).Store(up + at);
            (incident * Vector512.Load(down + at)).Store(down + at);
            incident *= Vector512.Load(beams + at);
            incident.Store(direct + at + Lanes);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Accumulate(Vector512<double> net, int at, double firstWeight, double* first, double secondWeight, double* second)
    {
        (Vector512.Load(first + at) + firstWeight * net).Store(first + at);
        if (secondWeight != 0)
            (Vector512.Load(second + at) + secondWeight * net).Store(second + at);
    }
}
