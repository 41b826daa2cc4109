using SoraHpc.Communication;

namespace SoraHpc.Jobs.Weather;

/// <summary>What the scheme needs to know of the owned elements and their faces and what never changes: metric terms, rotation and
/// bottom. Layouts: <see cref="Layout"/>.</summary>
public sealed unsafe class ElementCoefficients : IDisposable
{
    private readonly CubedSphere sphere;

    /// <param name="map">The owned elements.</param>
    /// <param name="rotation">The axis times Ω [s⁻¹]: f = 2 k·rotation.</param>
    public ElementCoefficients(ElementMap map, Cartesian rotation)
    {
        sphere = map.Sphere;
        Volume = new(map.Owned.Length * Layout.Coefficients);
        Faces = new(map.Owned.Length * CubedSphere.Faces * Layout.FaceCoefficients);
        Areas = new(map.Owned.Length * Layout.Element);
        for (int e = 0; e < map.Owned.Length; e++)
        {
            SetNodes(map.Owned[e], Volume.Address + e * Layout.Coefficients, Areas.Address + e * Layout.Element, rotation);
            for (Face face = Face.West; face <= Face.North; face++)
                SetFace(map.Owned[e], face, Volume.Address + e * Layout.Coefficients, FaceAddress(e, face));
        }
    }

    /// <summary>Per element, <see cref="Layout.Coefficients"/> doubles.</summary>
    public AlignedBuffer<double> Volume { get; }

    /// <summary>Per element and face, <see cref="Layout.FaceCoefficients"/> doubles.</summary>
    public AlignedBuffer<double> Faces { get; }

    /// <summary>w_i·w_j·J [m²] per node: weights of integrals over the sphere.</summary>
    public AlignedBuffer<double> Areas { get; }

    /// <summary>Takes the bottom of the owned elements from slot-wise <paramref name="bottom"/> [m], laid out as a state whose height is b
    /// and in which the faces of other ranks have arrived.</summary>
    public void SetBottom(ElementMap map, double* bottom)
    {
        for (int e = 0; e < map.Owned.Length; e++)
        {
            double* own = bottom + (long)e * Layout.State;
            new ReadOnlySpan<double>(own, Layout.Element).CopyTo(new(Volume.Address + e * Layout.Coefficients + Layout.Bottom, Layout.Element));
            for (Face face = Face.West; face <= Face.North; face++)
                for (int q = 0; q < Layout.Line; q++)
                {
                    FaceLink other = map.Links[e * CubedSphere.Faces + (int)face];
                    FaceAddress(e, face)[Layout.OwnBottom + q] = own[Layout.FirstNode(face) + q * Layout.Stride(face)];
                    FaceAddress(e, face)[Layout.OtherBottom + q] = bottom[other.Offset + q * other.Stride];
                }
        }
    }

    /// <summary>Turns the planet the other way: with reversed momentum, the model then runs back in time.</summary>
    public void ReverseRotation()
    {
        for (int at = Layout.Coriolis; at < Volume.Length; at += Layout.Coefficients)
            for (int node = 0; node < Layout.Element; node++)
                Volume.Address[at + node] = -Volume.Address[at + node];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (IDisposable buffer in new[] { Volume, Faces, Areas })
            buffer.Dispose();
    }

    private double* FaceAddress(int element, Face face) => Faces.Address + (element * CubedSphere.Faces + (int)face) * Layout.FaceCoefficients;

    private void SetNodes(int element, double* volume, double* areas, Cartesian rotation)
    {
        for (int node = 0; node < Layout.Element; node++)
        {
            (int j, int i) = Math.DivRem(node, Layout.Line);
            Metric metric = MetricAt(element, i, j);
            volume[Layout.InverseJacobian + node] = 1 / metric.Jacobian;
            volume[Layout.Coriolis + node] = 2 * metric.Up.Dot(rotation);
            Store(metric.Up, volume + Layout.Up + node, Layout.Element);
            Store(metric.First, volume + Layout.First + node, Layout.Element);
            Store(metric.Second, volume + Layout.Second + node, Layout.Element);
            areas[node] = LobattoBasis.Weights[i] * LobattoBasis.Weights[j] * metric.Jacobian;
        }
    }

    // Both sides of a face compute both of its normals and take half the difference: exact negatives of each other, so that what
    // leaves one element enters the other to the last bit. The volume terms use the same normals on the face.
    private void SetFace(int element, Face face, double* volume, double* coefficients)
    {
        Neighbour neighbour = sphere.Neighbour(element, face);
        for (int q = 0; q < Layout.Line; q++)
        {
            int node = Layout.FirstNode(face) + q * Layout.Stride(face);
            Cartesian own = OutwardNormal(element, face, q);
            Cartesian other = OutwardNormal(neighbour.Element, neighbour.Face, neighbour.Reversed ? Layout.Line - 1 - q : q);
            Cartesian normal = 0.5 * (own - other);
            Store(normal, coefficients + Layout.Normal + q, Layout.Line);
            coefficients[Layout.NormalLength + q] = normal.Length;
            coefficients[Layout.Lift + q] = volume[Layout.InverseJacobian + node] / LobattoBasis.EndWeight;
            Cartesian ascending = face is Face.East or Face.North ? normal : -1 * normal;
            Store(ascending, volume + (face is Face.West or Face.East ? Layout.First : Layout.Second) + node, Layout.Element);
        }
    }

    private Cartesian OutwardNormal(int element, Face face, int q)
    {
        (int j, int i) = Math.DivRem(Layout.FirstNode(face) + q * Layout.Stride(face), Layout.Line);
        Metric metric = MetricAt(element, i, j);
        return face switch
        {
            Face.West => -1 * metric.First,
            Face.East => metric.First,
            Face.South => -1 * metric.Second,
            _ => metric.Second,
        };
    }

    private readonly record struct Metric(double Jacobian, Cartesian Up, Cartesian First, Cartesian Second);

    private Metric MetricAt(int element, int i, int j)
    {
        (Cartesian up, Cartesian alongXi, Cartesian alongEta) = sphere.Tangents(element, LobattoBasis.Points[i], LobattoBasis.Points[j]);
        const double a = Planet.Radius;
        return new(a * a * up.Dot(alongXi.Cross(alongEta)), up, a * alongEta.Cross(up), a * up.Cross(alongXi));
    }

    private static void Store(Cartesian vector, double* at, int pitch) => (at[0], at[pitch], at[2 * pitch]) = (vector.X, vector.Y, vector.Z);
}
