using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SoraHpc.Jobs.Weather;

/// <summary>
/// The scheme of <see cref="ShallowWaterReference"/> on lines of four nodes at a time, in the same order of operations and therefore
/// with the same bits on every machine. Allocates nothing.
/// </summary>
public static unsafe class ShallowWaterKernel
{
    private const int Line = Layout.Line, Element = Layout.Element;

    // What derivatives along η need of a whole element, four lines each.
    private const int Surface = 0, Velocity = Element, FirstFlux = 4 * Element, SecondFlux = 5 * Element, Carried = 6 * Element, Scratch = 9 * Element;

    /// <summary>The volume terms of <paramref name="elements"/> elements stored one after the other.</summary>
    // Traffic per element: 512 B state and 1536 B coefficients read, 512 B increment read and written; about 3000 flops.
    [SkipLocalsInit]
    public static void Volume(double* state, double* coefficients, double* increment, int elements, double carry, double step)
    {
        double* scratch = stackalloc double[Scratch], matrix = stackalloc double[Element];
        LobattoBasis.Derivative.CopyTo(new Span<double>(matrix, Element));
        LineDerivative derivative = new(LobattoBasis.Derivative);
        for (int e = 0; e < elements; e++)
        {
            for (int line = 0; line < Element; line += Line)
                Prepare(state + line, coefficients + line, scratch + line);
            for (int line = 0; line < Element; line += Line)
                AddLine(state + line, coefficients + line, scratch, line, derivative, matrix + line, increment + line, carry, step);
            state += Layout.State;
            coefficients += Layout.Coefficients;
            increment += Layout.State;
        }
    }

    /// <summary>Adds step · (what the faces of the elements contribute); the faces of other ranks must have arrived.</summary>
    /// <param name="links">Four per element: <see cref="ElementMap.Links"/>.</param>
    // Traffic per element: its and its neighbours' faces from cache, 896 B coefficients read, 384 B increment read and written.
    public static void Faces(double* state, ReadOnlySpan<FaceLink> links, double* coefficients, double* increment, double dissipation, double step)
    {
        for (int link = 0; link < links.Length; link++)
        {
            int face = link % CubedSphere.Faces, stride = Layout.Stride((Face)face);
            int own = link / CubedSphere.Faces * Layout.State + Layout.FirstNode((Face)face);
            AddFace(state + own, stride, state + links[link].Offset, links[link].Stride, coefficients, increment + own, dissipation, step);
            coefficients += Layout.FaceCoefficients;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prepare(double* state, double* coefficients, double* scratch)
    {
        Vector256<double> h = Vector256.Load(state), x = Vector256.Load(state + Layout.MomentumX);
        Vector256<double> y = Vector256.Load(state + Layout.MomentumY), z = Vector256.Load(state + Layout.MomentumZ);
        (h + Vector256.Load(coefficients + Layout.Bottom)).Store(scratch + Surface);
        Dot(coefficients + Layout.First, x, y, z).Store(scratch + FirstFlux);
        Vector256<double> second = Dot(coefficients + Layout.Second, x, y, z), inverse = Vector256<double>.One / h;
        second.Store(scratch + SecondFlux);
        x *= inverse;
        y *= inverse;
        z *= inverse;
        x.Store(scratch + Velocity);
        y.Store(scratch + Velocity + Element);
        z.Store(scratch + Velocity + 2 * Element);
        (second * x).Store(scratch + Carried);
        (second * y).Store(scratch + Carried + Element);
        (second * z).Store(scratch + Carried + 2 * Element);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddLine(double* state, double* coefficients, double* scratch, int line, in LineDerivative derivative, double* row,
        double* increment, double carry, double step)
    {
        Vector256<double> first = Vector256.Load(scratch + FirstFlux + line), second = Vector256.Load(scratch + SecondFlux + line);
        Vector256<double> divergence = derivative.AlongXi(first) + LineDerivative.AlongEta(row, scratch + SecondFlux);
        Vector256<double> slopeXi = derivative.AlongXi(Vector256.Load(scratch + Surface + line));
        Vector256<double> slopeEta = LineDerivative.AlongEta(row, scratch + Surface);
        Vector256<double> weight = Planet.Gravity * Vector256.Load(state), inverse = Vector256.Load(coefficients + Layout.InverseJacobian);

        Vector256<double> forceX = Force(coefficients, scratch, line, derivative, row, first, second, divergence, slopeXi, slopeEta, weight);
        Vector256<double> forceY = Force(coefficients + Element, scratch + Element, line, derivative, row, first, second, divergence, slopeXi, slopeEta, weight);
        Vector256<double> forceZ = Force(coefficients + 2 * Element, scratch + 2 * Element, line, derivative, row, first, second, divergence, slopeXi, slopeEta, weight);

        Vector256<double> upX = Vector256.Load(coefficients + Layout.Up), upY = Vector256.Load(coefficients + Layout.Up + Element);
        Vector256<double> upZ = Vector256.Load(coefficients + Layout.Up + 2 * Element), f = Vector256.Load(coefficients + Layout.Coriolis);
        Vector256<double> x = Vector256.Load(state + Layout.MomentumX), y = Vector256.Load(state + Layout.MomentumY), z = Vector256.Load(state + Layout.MomentumZ);
        Vector256<double> outward = upX * forceX + upY * forceY + upZ * forceZ;
        Vector256<double> scale = Vector256.Create(step), kept = Vector256.Create(carry);
        Accumulate(increment + Layout.Height, kept, scale, divergence * inverse);
        Accumulate(increment + Layout.MomentumX, kept, scale, (forceX - upX * outward) * inverse + f * (upY * z - upZ * y));
        Accumulate(increment + Layout.MomentumY, kept, scale, (forceY - upY * outward) * inverse + f * (upZ * x - upX * z));
        Accumulate(increment + Layout.MomentumZ, kept, scale, (forceZ - upZ * outward) * inverse + f * (upX * y - upY * x));
    }

    // One component; coefficients and scratch are shifted to it, so only what has components may be read through them.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Force(double* coefficients, double* scratch, int line, in LineDerivative derivative, double* row,
        Vector256<double> first, Vector256<double> second, Vector256<double> divergence, Vector256<double> slopeXi, Vector256<double> slopeEta,
        Vector256<double> weight)
    {
        Vector256<double> velocity = Vector256.Load(scratch + Velocity + line);
        Vector256<double> conserved = derivative.AlongXi(first * velocity) + LineDerivative.AlongEta(row, scratch + Carried);
        Vector256<double> advected = first * derivative.AlongXi(velocity) + second * LineDerivative.AlongEta(row, scratch + Velocity);
        Vector256<double> gradient = Vector256.Load(coefficients + Layout.First) * slopeXi + Vector256.Load(coefficients + Layout.Second) * slopeEta;
        return 0.5 * (conserved + advected + velocity * divergence) + weight * gradient;
    }

    private static void AddFace(double* own, int stride, double* other, int otherStride, double* face, double* increment, double dissipation, double step)
    {
        Vector256<double> here = Gather(own, stride), there = Gather(other, otherStride);
        Vector256<double> x = Gather(own + Layout.MomentumX, stride), otherX = Gather(other + Layout.MomentumX, otherStride);
        Vector256<double> y = Gather(own + Layout.MomentumY, stride), otherY = Gather(other + Layout.MomentumY, otherStride);
        Vector256<double> z = Gather(own + Layout.MomentumZ, stride), otherZ = Gather(other + Layout.MomentumZ, otherStride);
        Vector256<double> normalX = Vector256.Load(face), normalY = Vector256.Load(face + Line), normalZ = Vector256.Load(face + 2 * Line);
        Vector256<double> length = Vector256.Load(face + Layout.NormalLength), scale = step * Vector256.Load(face + Layout.Lift);

        Vector256<double> ownFlux = normalX * x + normalY * y + normalZ * z, otherFlux = normalX * otherX + normalY * otherY + normalZ * otherZ;
        Vector256<double> ownInverse = Vector256<double>.One / here, otherInverse = Vector256<double>.One / there;
        Vector256<double> ownSpeed = Vector256.Abs(ownFlux) * ownInverse + Vector256.Sqrt(Planet.Gravity * here) * length;
        Vector256<double> otherSpeed = Vector256.Abs(otherFlux) * otherInverse + Vector256.Sqrt(Planet.Gravity * there) * length;
        Vector256<double> damping = dissipation * Vector256.ConditionalSelect(Vector256.GreaterThan(ownSpeed, otherSpeed), ownSpeed, otherSpeed);
        Vector256<double> jump = there + Vector256.Load(face + Layout.OtherBottom) - (here + Vector256.Load(face + Layout.OwnBottom));
        Vector256<double> flux = 0.5 * (ownFlux + otherFlux) - damping * jump;
        Vector256<double> viscosity = damping * (0.5 * (here + there)), pressure = 0.5 * Planet.Gravity * here * jump;

        Scatter(increment, stride, scale * (flux - ownFlux));
        Scatter(increment + Layout.MomentumX, stride, scale * Momentum(x * ownInverse, otherX * otherInverse, flux, ownFlux, viscosity, pressure, normalX));
        Scatter(increment + Layout.MomentumY, stride, scale * Momentum(y * ownInverse, otherY * otherInverse, flux, ownFlux, viscosity, pressure, normalY));
        Scatter(increment + Layout.MomentumZ, stride, scale * Momentum(z * ownInverse, otherZ * otherInverse, flux, ownFlux, viscosity, pressure, normalZ));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Momentum(Vector256<double> own, Vector256<double> other, Vector256<double> flux, Vector256<double> ownFlux,
        Vector256<double> viscosity, Vector256<double> pressure, Vector256<double> normal) =>
        flux * (0.5 * (own + other)) - viscosity * (other - own) - ownFlux * own + pressure * normal;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Dot(double* vector, Vector256<double> x, Vector256<double> y, Vector256<double> z) =>
        Vector256.Load(vector) * x + Vector256.Load(vector + Element) * y + Vector256.Load(vector + 2 * Element) * z;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Accumulate(double* increment, Vector256<double> carry, Vector256<double> step, Vector256<double> loss) =>
        (carry * Vector256.Load(increment) - step * loss).Store(increment);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<double> Gather(double* first, int stride) =>
        stride == 1 ? Vector256.Load(first) : Vector256.Create(first[0], first[stride], first[2 * stride], first[3 * stride]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Scatter(double* first, int stride, Vector256<double> loss)
    {
        first[0] -= loss[0];
        first[stride] -= loss[1];
        first[2 * stride] -= loss[2];
        first[3 * stride] -= loss[3];
    }
}
