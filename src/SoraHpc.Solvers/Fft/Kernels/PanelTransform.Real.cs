using System.Runtime.CompilerServices;
using SoraHpc.Solvers.Fft.Lanes;

namespace SoraHpc.Solvers.Fft.Kernels;

internal abstract unsafe partial class PanelTransform
{
    /// <summary>As many real lines as there are lanes into the lower halves of their spectra.</summary>
    /// <param name="real">Numbers in a line: twice the transform's length, or that length where it is odd.</param>
    /// <param name="input">Contiguous lines of doubles.</param>
    /// <param name="output">Contiguous lines of real/2 + 1 complex numbers; apart from the input.</param>
    /// <param name="turns">Of an even line: see <see cref="RealFftPlan"/>.</param>
    internal abstract void Halve(int real, double* input, nint inputDistance, double* output, nint outputDistance, double* turns, BatchTraffic traffic);

    /// <summary>The lower halves of spectra, weighted, into as many real lines; the opposite of <see cref="Halve"/> but for a factor.</summary>
    /// <param name="weights">A factor for each of the real/2 + 1 wave numbers.</param>
    internal abstract void Restore(int real, double* input, nint inputDistance, double* output, nint outputDistance, double* turns, double* weights, BatchTraffic traffic);
}

// An even line of real numbers is read as half as many complex ones, even places real and odd imaginary; what their transform holds of both
// is told apart number by number with its mirror image. An odd line gets zero imaginary parts: twice the work. Either way a line's bits
// depend on its own numbers, which two real lines in one complex could not promise.
internal sealed unsafe partial class PanelTransform<T>
{
    internal override void Halve(int real, double* input, nint inputDistance, double* output, nint outputDistance, double* turns, BatchTraffic traffic)
    {
        int waves = real / 2 + 1;
        if (real % 2 == 0)
        {
            Stage(input, inputDistance, real);
            Staged<ForwardOrder>(tables.Ones, traffic.AsksAhead ? input + T.Count * inputDistance : null);
            Load(work.Address, 0, out T even, out T odd);
            Store(work.Address, 0, even + odd, T.Broadcast(0));
            Store(work.Address, length, even - odd, T.Broadcast(0));
            Fold(work.Address, turns, 1.0);
        }
        else
        {
            StageReals(input, inputDistance);
            Staged<ForwardOrder>(tables.Ones, traffic.AsksAhead ? input + T.Count * inputDistance : null);
        }
        Unstage(output, outputDistance, 2 * waves, traffic.BeyondCache);
    }

    internal override void Restore(int real, double* input, nint inputDistance, double* output, nint outputDistance, double* turns, double* weights, BatchTraffic traffic)
    {
        int waves = real / 2 + 1;
        Stage(input, inputDistance, 2 * waves);
        for (int k = 0; k < waves; k++)
        {
            Load(staging.Address, k, out T re, out T im);
            Store(staging.Address, k, re * T.Broadcast(weights[k]), im * T.Broadcast(weights[k]));
        }
        if (real % 2 == 0)
        {
            Load(staging.Address, 0, out T first, out _);               // these two are real, whatever the caller gives
            Load(staging.Address, length, out T last, out _);
            T half = T.Broadcast(0.5);
            Store(staging.Address, 0, half * (first + last), half * (first - last));
            Fold(staging.Address, turns, -1.0);
            Staged<InverseOrder>(tables.Ones, traffic.AsksAhead ? input + T.Count * inputDistance : null);
            Unstage(output, outputDistance, real, traffic.BeyondCache);
        }
        else
        {
            Mirror(waves);
            Staged<InverseOrder>(tables.Ones, traffic.AsksAhead ? input + T.Count * inputDistance : null);
            UnstageReals(output, outputDistance);
        }
    }

    // Numbers k and h − k of the panel, from the transform of h complex numbers to that of 2h real ones, or back with the cosines' sign changed:
    // half of what they share, plus and minus the turned half of what they do not. The middle one has itself for a mirror image.
    private void Fold(double* at, double* turns, double sign)
    {
        T half = T.Broadcast(0.5);
        for (int k = 1; 2 * k < length; k++)
        {
            Load(at, k, out T ra, out T ia);
            Load(at, length - k, out T rb, out T ib);
            T cos = T.Broadcast(sign * turns[2 * k]), sin = T.Broadcast(turns[2 * k + 1]);
            T rs = half * (ra + rb), iss = half * (ia - ib), rd = ra - rb, id = ia + ib;
            T rt = T.MultiplyAdd(cos, id, sin * rd), it = T.NegatedMultiplyAdd(cos, rd, sin * id);
            Store(at, k, rs + rt, it + iss);
            Store(at, length - k, rs - rt, it - iss);
        }
        if (length % 2 == 0)
        {
            Load(at, length / 2, out T re, out T im);
            Store(at, length / 2, re, T.Broadcast(0) - im);
        }
    }

    // The upper half of a spectrum of an odd line of real numbers.
    private void Mirror(int waves)
    {
        Load(staging.Address, 0, out T re, out T im);
        Store(staging.Address, 0, re, T.Broadcast(0));
        for (int k = 1; k < waves; k++)
        {
            Load(staging.Address, k, out re, out im);
            Store(staging.Address, length - k, re, T.Broadcast(0) - im);
        }
    }

    private void StageReals(double* input, nint distance)
    {
        new Span<double>(staging.Address, 2 * T.Count * length).Clear();
        int done = length / T.Count * T.Count;
        for (int d = 0; d < done; d += T.Count)
            T.Transpose(input + d, distance, staging.Address + (nint)d * 2 * T.Count, 2 * T.Count);
        for (int d = done; d < length; d++)
            for (int lane = 0; lane < T.Count; lane++)
                staging.Address[(nint)d * 2 * T.Count + lane] = input[lane * distance + d];
    }

    private void UnstageReals(double* output, nint distance)
    {
        int done = length / T.Count * T.Count;
        for (int d = 0; d < done; d += T.Count)
            T.Transpose(work.Address + (nint)d * 2 * T.Count, 2 * T.Count, output + d, distance);
        for (int d = done; d < length; d++)
            for (int lane = 0; lane < T.Count; lane++)
                output[lane * distance + d] = work.Address[(nint)d * 2 * T.Count + lane];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Load(double* panel, int place, out T re, out T im) => new PanelInput<T>(panel, null).LoadFirst(place, out re, out im);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(double* panel, int place, T re, T im) => new PanelOutput<T, ForwardOrder>(panel).Store(place, re, im);
}
