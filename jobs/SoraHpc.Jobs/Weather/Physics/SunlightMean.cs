using System.Runtime.Intrinsics;
using SoraHpc.Communication;

namespace SoraHpc.Jobs.Weather;

/// <summary>
/// Mean sunlight in a column over an interval of time: the part of it with the sun up, by a Kronrod rule of seven points with the Gauss rule
/// of three inside it; where the two differ the interval is halved. Near sunrise and sunset that happens, at night there is nothing to do.
/// </summary>
internal sealed unsafe class SunlightMean : IDisposable
{
    /// <summary>Largest difference between the two rules, in the mean over the whole interval [W m⁻²]. The error of the better one is far below.</summary>
    internal const double Tolerance = 0.01;

    // A sun lower than this gives less than 2 mW m⁻².
    private const double LeastCosine = 1e-6;

    private const int Points = 7, MostHalvings = 8, Lanes = ShortwaveBands.Count;

    /// <summary>Points of Kronrod's rule on [−1, 1]; the 2nd, 4th and 6th are Gauss's.</summary>
    /// <remarks>Source: Kronrod, Nodes and Weights of Quadrature Formulas (1965).</remarks>
    internal static ReadOnlySpan<double> Nodes => [-0.960491268708020283, -0.774596669241483377, -0.434243749346802558, 0, 0.434243749346802558, 0.774596669241483377, 0.960491268708020283];

    internal static ReadOnlySpan<double> KronrodWeights => [0.104656226026467265, 0.268488089868333441, 0.401397414775962223, 0.450916538658474142, 0.401397414775962223, 0.268488089868333441, 0.104656226026467265];

    internal static ReadOnlySpan<double> GaussWeights => [0, 5.0 / 9, 0, 8.0 / 9, 0, 5.0 / 9, 0];

    private readonly int boundaries;
    private readonly ShortwaveKernel kernel;
    private readonly AlignedBuffer<double> memory;
    private readonly double* kronrod, gauss, part;

    internal SunlightMean(int layers, ShortwaveKernel kernel)
    {
        (boundaries, this.kernel) = (layers + 1, kernel);
        memory = new((2 * boundaries + 1) * Lanes);
        part = memory.Address;
        kronrod = part + Lanes;
        gauss = kronrod + boundaries * Lanes;
    }

    /// <summary>Positions of the sun computed so far.</summary>
    internal long Positions { get; private set; }

    /// <summary>True where the sun is up at some time of the interval of hour angles.</summary>
    internal static bool IsDay((double Mean, double Swing) sun, double from, double to)
    {
        double set = Sun.Sunset(sun.Mean, sun.Swing);
        return set > 0 && FirstNoon(from, set) - set <= to;
    }

    /// <summary>Adds the mean net flux downwards [W m⁻²] at the boundaries of the layers that the kernel is prepared for.</summary>
    /// <param name="sun">Its height is Mean + Swing · cos(hour angle).</param>
    /// <param name="from">Hour angle at the interval's begin; <paramref name="to"/>, at its end, ≥ from. Alike: the flux at that moment.</param>
    /// <param name="irradiance">Sunlight on a plane that faces the sun [W m⁻²].</param>
    internal void Add((double Mean, double Swing) sun, double from, double to, double irradiance, double* net)
    {
        for (int band = 0; band < Lanes; band++)
            part[band] = ShortwaveBands.Part[band] * irradiance;
        double set = Sun.Sunset(sun.Mean, sun.Swing);
        for (double noon = FirstNoon(from, set); noon - set <= to; noon += 2 * Math.PI)
        {
            double rise = Math.Max(from, noon - set), end = Math.Min(to, noon + set);
            AddSunny(sun, rise, end, to > from ? (end - rise) / (to - from) : 1, MostHalvings, net);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => ((IDisposable)memory).Dispose();

    // Of the first day whose sunset is not over.
    private static double FirstNoon(double from, double set) => 2 * Math.PI * Math.Ceiling((from - set) / (2 * Math.PI));

    /// <param name="share">Of the whole interval.</param>
    private void AddSunny((double Mean, double Swing) sun, double from, double to, double share, int halvings, double* net)
    {
        new Span<double>(kronrod, 2 * boundaries * Lanes).Clear();
        double middle = 0.5 * (from + to), half = 0.5 * (to - from);
        Vector512<double> light = Vector512.Load(part);
        for (int point = 0; point < Points; point++)
        {
            double cosine = sun.Mean + sun.Swing * Math.Cos(middle + half * Nodes[point]);
            if (cosine < LeastCosine)
                continue;
            kernel.AddNet(1 / cosine, cosine * light, 0.5 * share * KronrodWeights[point], kronrod, 0.5 * share * GaussWeights[point], gauss);
            Positions++;
        }
        if (halvings > 0 && LargestDifference() > Tolerance)
        {
            AddSunny(sun, from, middle, 0.5 * share, halvings - 1, net);
            AddSunny(sun, middle, to, 0.5 * share, halvings - 1, net);
            return;
        }
        for (int boundary = 0; boundary < boundaries; boundary++)
            net[boundary] += Sum(kronrod + boundary * Lanes);
    }

    private double LargestDifference()
    {
        double largest = 0;
        for (int at = 0; at < boundaries * Lanes; at += Lanes)
        {
            (Vector512.Load(kronrod + at) - Vector512.Load(gauss + at)).Store(gauss + at);
            largest = Math.Max(largest, Math.Abs(Sum(gauss + at)));
        }
        return largest;
    }

    // One order, whatever the processor.
    private static double Sum(double* bands) => ((bands[0] + bands[1]) + (bands[2] + bands[3])) + ((bands[4] + bands[5]) + (bands[6] + bands[7]));
}
