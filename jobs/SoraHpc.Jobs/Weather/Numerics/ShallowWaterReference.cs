namespace SoraHpc.Jobs.Weather;

/// <summary>
/// The scheme in plain loops: its definition, and the oracle that <see cref="ShallowWaterKernel"/> equals bit for bit. The order of
/// every sum is part of the definition; multiplications and additions are never fused.
/// </summary>
/// <remarks>Skew-symmetric split form of the shallow-water equations in Cartesian momentum: see README.md of this folder.</remarks>
public static class ShallowWaterReference
{
    private const int Line = Layout.Line;

    /// <summary>increment ← carry · increment + step · (tendency of one element without its faces).</summary>
    /// <param name="state">The element's <see cref="Layout.State"/> doubles; h &gt; 0.</param>
    /// <param name="coefficients">The element's <see cref="Layout.Coefficients"/> doubles.</param>
    /// <param name="increment">As long as <paramref name="state"/>.</param>
    public static void Volume(ReadOnlySpan<double> state, ReadOnlySpan<double> coefficients, Span<double> increment, double carry, double step)
    {
        Span<double> surface = stackalloc double[Layout.Element], velocity = stackalloc double[3 * Layout.Element];
        Span<double> first = stackalloc double[Layout.Element], second = stackalloc double[Layout.Element];
        Span<double> firstCarried = stackalloc double[3 * Layout.Element], secondCarried = stackalloc double[3 * Layout.Element];
        for (int n = 0; n < Layout.Element; n++)
        {
            surface[n] = state[n] + coefficients[Layout.Bottom + n];
            first[n] = Dot(coefficients[(Layout.First + n)..], state[(Layout.MomentumX + n)..]);
            second[n] = Dot(coefficients[(Layout.Second + n)..], state[(Layout.MomentumX + n)..]);
            double inverse = 1.0 / state[n];
            for (int c = n; c < 3 * Layout.Element; c += Layout.Element)
            {
                velocity[c] = state[Layout.MomentumX + c] * inverse;
                firstCarried[c] = first[n] * velocity[c];
                secondCarried[c] = second[n] * velocity[c];
            }
        }
        Span<double> force = stackalloc double[3];
        for (int n = 0; n < Layout.Element; n++)
        {
            double divergence = AlongXi(first, n) + AlongEta(second, n);
            double slopeXi = AlongXi(surface, n), slopeEta = AlongEta(surface, n), weight = Planet.Gravity * state[n];
            for (int c = 0; c < 3; c++)
            {
                int at = c * Layout.Element;
                ReadOnlySpan<double> component = velocity[at..];
                double conserved = AlongXi(firstCarried[at..], n) + AlongEta(secondCarried[at..], n);
                double advected = first[n] * AlongXi(component, n) + second[n] * AlongEta(component, n);
                double gradient = coefficients[Layout.First + at + n] * slopeXi + coefficients[Layout.Second + at + n] * slopeEta;
                force[c] = 0.5 * (conserved + advected + component[n] * divergence) + weight * gradient;
            }
            Add(state[n..], coefficients[n..], divergence, force, increment[n..], carry, step);
        }
    }

    /// <summary>Adds step · (what one face contributes) to the increment of the element at <paramref name="own"/>.</summary>
    /// <param name="state">State of all slots of the rank.</param>
    /// <param name="own">The element's nodes on the face.</param>
    /// <param name="other">The nodes across.</param>
    /// <param name="coefficients">The face's <see cref="Layout.FaceCoefficients"/> doubles.</param>
    /// <param name="increment">Laid out as <paramref name="state"/>.</param>
    /// <param name="dissipation">½ for the Rusanov flux, 0 for one that conserves energy.</param>
    public static void Face(ReadOnlySpan<double> state, FaceLink own, FaceLink other, ReadOnlySpan<double> coefficients, Span<double> increment,
        double dissipation, double step)
    {
        for (int q = 0; q < Line; q++)
        {
            int at = own.Offset + own.Stride * q;
            ReadOnlySpan<double> here = state[at..], there = state[(other.Offset + other.Stride * q)..], c = coefficients[q..];
            double length = c[Layout.NormalLength], scale = step * c[Layout.Lift];
            double ownFlux = DotNormal(c, here), otherFlux = DotNormal(c, there);
            double ownInverse = 1.0 / here[0], otherInverse = 1.0 / there[0];
            double ownSpeed = Math.Abs(ownFlux) * ownInverse + Math.Sqrt(Planet.Gravity * here[0]) * length;
            double otherSpeed = Math.Abs(otherFlux) * otherInverse + Math.Sqrt(Planet.Gravity * there[0]) * length;
            double damping = dissipation * (ownSpeed > otherSpeed ? ownSpeed : otherSpeed);
            double jump = there[0] + c[Layout.OtherBottom] - (here[0] + c[Layout.OwnBottom]);
            double flux = 0.5 * (ownFlux + otherFlux) - damping * jump;
            double viscosity = damping * (0.5 * (here[0] + there[0])), pressure = 0.5 * Planet.Gravity * here[0] * jump;
            increment[at] = increment[at] - scale * (flux - ownFlux);
            for (int d = 0; d < 3; d++)
            {
                int variable = Layout.MomentumX + d * Layout.Element;
                double ownVelocity = here[variable] * ownInverse, otherVelocity = there[variable] * otherInverse;
                double momentum = flux * (0.5 * (ownVelocity + otherVelocity)) - viscosity * (otherVelocity - ownVelocity);
                double contribution = momentum - ownFlux * ownVelocity + pressure * c[Layout.Normal + d * Line];
                increment[at + variable] = increment[at + variable] - scale * contribution;
            }
        }
    }

    // All spans start at the node: variable v is at v.
    private static void Add(ReadOnlySpan<double> state, ReadOnlySpan<double> coefficients, double divergence, ReadOnlySpan<double> force,
        Span<double> increment, double carry, double step)
    {
        double inverse = coefficients[Layout.InverseJacobian], f = coefficients[Layout.Coriolis];
        double upX = coefficients[Layout.Up], upY = coefficients[Layout.Up + Layout.Element], upZ = coefficients[Layout.Up + 2 * Layout.Element];
        double x = state[Layout.MomentumX], y = state[Layout.MomentumY], z = state[Layout.MomentumZ];
        double outward = upX * force[0] + upY * force[1] + upZ * force[2];      // the sphere holds the flow: only the tangent part acts
        double forceX = (force[0] - upX * outward) * inverse + f * (upY * z - upZ * y);
        double forceY = (force[1] - upY * outward) * inverse + f * (upZ * x - upX * z);
        double forceZ = (force[2] - upZ * outward) * inverse + f * (upX * y - upY * x);
        increment[Layout.Height] = carry * increment[Layout.Height] - step * (divergence * inverse);
        increment[Layout.MomentumX] = carry * increment[Layout.MomentumX] - step * forceX;
        increment[Layout.MomentumY] = carry * increment[Layout.MomentumY] - step * forceY;
        increment[Layout.MomentumZ] = carry * increment[Layout.MomentumZ] - step * forceZ;
    }

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b) =>
        a[0] * b[0] + a[Layout.Element] * b[Layout.Element] + a[2 * Layout.Element] * b[2 * Layout.Element];

    private static double DotNormal(ReadOnlySpan<double> face, ReadOnlySpan<double> state) =>
        face[0] * state[Layout.MomentumX] + face[Line] * state[Layout.MomentumY] + face[2 * Line] * state[Layout.MomentumZ];

    internal static double AlongXi(ReadOnlySpan<double> values, int node)
    {
        ReadOnlySpan<double> row = LobattoBasis.Derivative.Slice(Line * (node % Line), Line), line = values.Slice(node / Line * Line, Line);
        return row[0] * line[0] + row[1] * line[1] + row[2] * line[2] + row[3] * line[3];
    }

    internal static double AlongEta(ReadOnlySpan<double> values, int node)
    {
        ReadOnlySpan<double> row = LobattoBasis.Derivative.Slice(Line * (node / Line), Line), line = values[(node % Line)..];
        return row[0] * line[0] + row[1] * line[Line] + row[2] * line[2 * Line] + row[3] * line[3 * Line];
    }
}
