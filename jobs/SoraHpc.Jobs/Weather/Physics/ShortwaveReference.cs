namespace SoraHpc.Jobs.Weather;

/// <summary>
/// Sunlight in a column of layers that absorb and scatter, in one band: the definition. Quadrature two-stream of every layer for scattering
/// that is alike forwards and backwards, then adding of layers from the surface up. <see cref="ShortwaveKernel"/> does eight bands at once in
/// the same order of operations.
/// </summary>
/// <remarks>Sources: Meador, Weaver, J. Atmos. Sci. 37 (1980) 630–643, table 1 (quadrature) and eqs. 14, 15, 25 for γ3 = γ4 = ½, g = 0, where
/// α1 = α2 = √3 / 2; adding: Hogan, Bozzo, J. Adv. Model. Earth Syst. 10 (2018) 1990–2008.</remarks>
internal static class ShortwaveReference
{
    internal const double Sqrt3 = 1.7320508075688772, Alpha = Sqrt3 / 2;

    /// <summary>Least part of the extinction that is absorbed: without any, two terms cancel and 0 is divided by 0. Costs 1e-10 of the light.</summary>
    internal const double LeastAbsorption = 1e-10;

    /// <summary>1/μ nearer than this to k, relative, is moved away: there, too, 0 is divided by 0.</summary>
    internal const double Resonance = 1e-7;

    /// <summary>Net flux downwards at the layers' boundaries from the top down, per unit of incident flux through the horizontal.</summary>
    /// <param name="absorption">Optical depth of absorption of each layer, &gt; 0, from the top down.</param>
    /// <param name="scattering">Optical depth of scattering of each layer, ≥ 0.</param>
    /// <param name="inverseCosine">1 / μ of the sun, ≥ 1.</param>
    internal static double[] Net(ReadOnlySpan<double> absorption, ReadOnlySpan<double> scattering, double albedo, double inverseCosine)
    {
        int layers = absorption.Length;
        double[] reflect = new double[layers], pass = new double[layers], repeat = new double[layers], up = new double[layers], down = new double[layers];
        double[] below = new double[layers + 1], source = new double[layers + 1], direct = new double[layers + 1], net = new double[layers + 1];
        (below[layers], direct[0]) = (albedo, 1);
        for (int l = 0; l < layers; l++)
        {
            (reflect[l], pass[l], double beam, double back, double forward) = Layer(absorption[l], scattering[l], inverseCosine);
            (up[l], down[l], direct[l + 1]) = (direct[l] * back, direct[l] * forward, direct[l] * beam);
        }
        source[layers] = albedo * direct[layers];
        for (int l = layers - 1; l >= 0; l--)
        {
            repeat[l] = 1 / (1 - below[l + 1] * reflect[l]);
            double through = pass[l] * repeat[l];
            below[l] = reflect[l] + pass[l] * below[l + 1] * through;
            source[l] = up[l] + through * (source[l + 1] + below[l + 1] * down[l]);
        }
        double diffuse = 0;
        net[0] = direct[0] - source[0];
        for (int l = 0; l < layers; l++)
        {
            diffuse = pass[l] * repeat[l] * diffuse + repeat[l] * (reflect[l] * source[l + 1] + down[l]);
            net[l + 1] = direct[l + 1] + diffuse - (below[l + 1] * diffuse + source[l + 1]);
        }
        return net;
    }

    /// <summary>What a layer does: with diffuse light (Reflect, Pass), and with the beam (Beam goes through, Back and Forward are scattered).</summary>
    internal static (double Reflect, double Pass, double Beam, double Back, double Forward) Layer(double absorption, double scattering, double inverseCosine)
    {
        double depth = absorption + scattering, inverse = 1 / depth, single = scattering * inverse, lost = absorption * inverse;
        lost = lost < LeastAbsorption ? LeastAbsorption : lost;
        double k = Sqrt3 * Math.Sqrt(lost), gamma2 = Alpha * single, gamma1 = Sqrt3 - gamma2;
        double e = Exponential.Of(-(k * depth)), e2 = e * e, denominator = 1 / ((k + gamma1) + (k - gamma1) * e2), ke = 2 * k * e;
        double nearUp = Alpha + 0.5 * k, nearDown = (Alpha - 0.5 * k) * e2, weight = single * denominator;

        double v = Math.Abs(inverseCosine - k) < Resonance * inverseCosine ? inverseCosine * (1 + 2 * Resonance) : inverseCosine;
        double beam = Exponential.Of(-(depth * v)), scale = weight * v / ((v - k) * (v + k));
        double back = scale * ((v - k) * nearUp - (v + k) * nearDown - ke * (0.5 * v - Alpha) * beam);
        double forward = scale * (((v - k) * nearDown - (v + k) * nearUp) * beam + ke * (0.5 * v + Alpha));
        return (gamma2 * (1 - e2) * denominator, ke * denominator, beam, back, forward);
    }
}
