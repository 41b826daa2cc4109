using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SoraHpc.Jobs.Weather;

/// <summary>The scheme of <see cref="AdvectionReference"/> on lines of four nodes at a time, with the same bits. Allocates nothing.</summary>
public static unsafe class AdvectionKernel
{
    private const int Line = Layout.Line, Element = Layout.Element;

    /// <summary>The volume terms of <paramref name="elements"/> elements stored one after the other.</summary>
    // Traffic per element: 512 B state and 896 B coefficients read, 128 B increment read and written.
    [SkipLocalsInit]
    public static void Volume(double* state, double* coefficients, double* increment, int elements, double carry, double step)
    {
        double* first = stackalloc double[Element], second = stackalloc double[Element], carried = stackalloc double[Element];
        double* matrix = stackalloc double[Element];
        LobattoBasis.Derivative.CopyTo(new Span<double>(matrix, Element));
        LineDerivative derivative = new(LobattoBasis.Derivative);
        for (int e = 0; e < elements; e++)
        {
            for (int line = 0; line < Element; line += Line)
            {
                Dot(coefficients + Layout.First + line, state + line, Element).Store(first + line);
                Vector256<double> along = Dot(coefficients + Layout.Second + line, state + line, Element);
                along.Store(second + line);
                (along * Vector256.Load(state + line)).Store(carried + line);
            }
            for (int line = 0; line < Element; line += Line)
            {
                double* row = matrix + line;
                Vector256<double> h = Vector256.Load(state + line), alongXi = Vector256.Load(first + line), alongEta = Vector256.Load(second + line);
                Vector256<double> conserved = derivative.AlongXi(alongXi * h) + LineDerivative.AlongEta(row, carried);
                Vector256<double> advected = alongXi * derivative.AlongXi(h) + alongEta * LineDerivative.AlongEta(row, state);
                Vector256<double> divergence = derivative.AlongXi(alongXi) + LineDerivative.AlongEta(row, second);
                Vector256<double> loss = 0.5 * (conserved + advected + h * divergence) * Vector256.Load(coefficients + Layout.InverseJacobian + line);
                (carry * Vector256.Load(increment + line) - step * loss).Store(increment + line);
            }
            state += Layout.State;
            coefficients += Layout.Coefficients;
            increment += Layout.State;
        }
    }

    /// <summary>Adds step · (what the faces of the elements contribute). Parameters as <see cref="ShallowWaterKernel.Faces"/>.</summary>
    public static void Faces(double* state, ReadOnlySpan<FaceLink> links, double* coefficients, double* increment, double dissipation, double step)
    {
        for (int link = 0; link < links.Length; link++)
        {
            int face = link % CubedSphere.Faces, stride = Layout.Stride((Face)face), otherStride = links[link].Stride;
            int at = link / CubedSphere.Faces * Layout.State + Layout.FirstNode((Face)face);
            double* own = state + at, other = state + links[link].Offset;
            Vector256<double> here = ShallowWaterKernel.Gather(own, stride), there = ShallowWaterKernel.Gather(other, otherStride);
            Vector256<double> ownSpeed = Through(coefficients, own, stride), speed = 0.5 * (ownSpeed + Through(coefficients, other, otherStride));
            Vector256<double> flux = speed * (0.5 * (here + there)) - dissipation * Vector256.Abs(speed) * (there - here);
            ShallowWaterKernel.Scatter(increment + at, stride, step * Vector256.Load(coefficients + Layout.Lift) * (flux - ownSpeed * here));
            coefficients += Layout.FaceCoefficients;
        }
    }

    private static Vector256<double> Dot(double* vector, double* state, int pitch) => Vector256.Load(vector) * Vector256.Load(state + Layout.MomentumX)
        + Vector256.Load(vector + pitch) * Vector256.Load(state + Layout.MomentumY)
        + Vector256.Load(vector + 2 * pitch) * Vector256.Load(state + Layout.MomentumZ);

    private static Vector256<double> Through(double* face, double* state, int stride) =>
        Vector256.Load(face) * ShallowWaterKernel.Gather(state + Layout.MomentumX, stride)
        + Vector256.Load(face + Line) * ShallowWaterKernel.Gather(state + Layout.MomentumY, stride)
        + Vector256.Load(face + 2 * Line) * ShallowWaterKernel.Gather(state + Layout.MomentumZ, stride);
}
