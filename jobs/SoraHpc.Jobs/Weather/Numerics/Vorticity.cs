namespace SoraHpc.Jobs.Weather;

/// <summary>The vertical part of the wind's curl.</summary>
public static class Vorticity
{
    /// <summary>ζ = (∂(V·x_η)/∂ξ − ∂(V·x_ξ)/∂η)/J [s⁻¹] at the nodes of a local element, from that element's polynomials alone.</summary>
    public static void Relative(ShallowWaterModel model, int local, Span<double> vorticity)
    {
        ReadOnlySpan<double> c = model.Coefficients.Volume.GetSpan().Slice(local * Layout.Coefficients, Layout.Coefficients);
        Span<double> alongXi = stackalloc double[Layout.Element], alongEta = stackalloc double[Layout.Element];
        for (int n = 0; n < Layout.Element; n++)
        {
            Cartesian wind = model.NodeAt(local, n).Wind, up = VectorAt(c, Layout.Up + n);
            // J·a¹ = x_η × k and J·a² = k × x_ξ, so the tangents are k × J·a¹ and J·a² × k.
            alongEta[n] = wind.Dot(up.Cross(VectorAt(c, Layout.First + n)));
            alongXi[n] = wind.Dot(VectorAt(c, Layout.Second + n).Cross(up));
        }
        for (int n = 0; n < Layout.Element; n++)
            vorticity[n] = (ShallowWaterReference.AlongXi(alongEta, n) - ShallowWaterReference.AlongEta(alongXi, n)) * c[Layout.InverseJacobian + n];
    }

    private static Cartesian VectorAt(ReadOnlySpan<double> coefficients, int at) =>
        new(coefficients[at], coefficients[at + Layout.Element], coefficients[at + 2 * Layout.Element]);
}
