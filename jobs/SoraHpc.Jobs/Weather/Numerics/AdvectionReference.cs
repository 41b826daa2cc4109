namespace SoraHpc.Jobs.Weather;

/// <summary>
/// Transport of h by a given wind in plain loops, for the standard set's case 1: the mass equation of
/// <see cref="ShallowWaterReference"/> in the same split form with an upwind flux; the momentum slots hold the wind itself.
/// The definition that <see cref="AdvectionKernel"/> equals bit for bit.
/// </summary>
public static class AdvectionReference
{
    /// <summary>increment ← carry · increment + step · (tendency of one element without its faces), for h alone.</summary>
    public static void Volume(ReadOnlySpan<double> state, ReadOnlySpan<double> coefficients, Span<double> increment, double carry, double step)
    {
        Span<double> first = stackalloc double[Layout.Element], second = stackalloc double[Layout.Element];
        Span<double> firstCarried = stackalloc double[Layout.Element], secondCarried = stackalloc double[Layout.Element];
        for (int n = 0; n < Layout.Element; n++)
        {
            first[n] = Along(coefficients[(Layout.First + n)..], state[n..]);
            second[n] = Along(coefficients[(Layout.Second + n)..], state[n..]);
            firstCarried[n] = first[n] * state[n];
            secondCarried[n] = second[n] * state[n];
        }
        for (int n = 0; n < Layout.Element; n++)
        {
            double conserved = ShallowWaterReference.AlongXi(firstCarried, n) + ShallowWaterReference.AlongEta(secondCarried, n);
            double advected = first[n] * ShallowWaterReference.AlongXi(state, n) + second[n] * ShallowWaterReference.AlongEta(state, n);
            double divergence = ShallowWaterReference.AlongXi(first, n) + ShallowWaterReference.AlongEta(second, n);
            double loss = 0.5 * (conserved + advected + state[n] * divergence) * coefficients[Layout.InverseJacobian + n];
            increment[n] = carry * increment[n] - step * loss;
        }
    }

    /// <summary>Adds step · (what one face contributes) to the increment of h. Parameters as <see cref="ShallowWaterReference.Face"/>.</summary>
    public static void Face(ReadOnlySpan<double> state, FaceLink own, FaceLink other, ReadOnlySpan<double> coefficients, Span<double> increment,
        double dissipation, double step)
    {
        for (int q = 0; q < Layout.Line; q++)
        {
            int at = own.Offset + own.Stride * q;
            ReadOnlySpan<double> here = state[at..], there = state[(other.Offset + other.Stride * q)..], c = coefficients[q..];
            double ownSpeed = Through(c, here), speed = 0.5 * (ownSpeed + Through(c, there));
            double flux = speed * (0.5 * (here[0] + there[0])) - dissipation * Math.Abs(speed) * (there[0] - here[0]);
            increment[at] = increment[at] - step * c[Layout.Lift] * (flux - ownSpeed * here[0]);
        }
    }

    private static double Along(ReadOnlySpan<double> normal, ReadOnlySpan<double> state) => normal[0] * state[Layout.MomentumX]
        + normal[Layout.Element] * state[Layout.MomentumY] + normal[2 * Layout.Element] * state[Layout.MomentumZ];

    private static double Through(ReadOnlySpan<double> face, ReadOnlySpan<double> state) => face[0] * state[Layout.MomentumX]
        + face[Layout.Line] * state[Layout.MomentumY] + face[2 * Layout.Line] * state[Layout.MomentumZ];
}
