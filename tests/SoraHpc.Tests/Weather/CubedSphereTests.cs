using NUnit.Framework;
using SoraHpc.Decomposition;
using SoraHpc.Jobs.Weather;

namespace SoraHpc.Tests.Weather;

public sealed class CubedSphereTests
{
    private static readonly CubedSphere Sphere = new(3);

    private static IEnumerable<(int Element, Face Face)> AllFaces() =>
        from element in Enumerable.Range(0, Sphere.Elements) from face in Enum.GetValues<Face>() select (element, face);

    private static Cartesian NodeOn(int element, Face face, int q)
    {
        int node = Layout.FirstNode(face) + q * Layout.Stride(face);
        return Sphere.Direction(element, LobattoBasis.Points[node % 4], LobattoBasis.Points[node / 4]);
    }

    [Test]
    public void Neighbour_of_the_neighbour_is_the_element_itself()
    {
        foreach ((int element, Face face) in AllFaces())
        {
            Neighbour there = Sphere.Neighbour(element, face);
            Assert.That(Sphere.Neighbour(there.Element, there.Face), Is.EqualTo(new Neighbour(element, face, there.Reversed)));
        }
    }

    [Test]
    public void Nodes_on_both_sides_of_every_face_are_the_same_points()
    {
        foreach ((int element, Face face) in AllFaces())
        {
            Neighbour there = Sphere.Neighbour(element, face);
            for (int q = 0; q < 4; q++)
                Assert.That((NodeOn(element, face, q) - NodeOn(there.Element, there.Face, there.Reversed ? 3 - q : q)).Length, Is.LessThan(1e-15));
        }
    }

    [Test]
    public void Tangents_are_the_derivatives_of_the_map_and_right_handed([Values(0, 13, 26, 31, 44, 53)] int element)
    {
        const double Step = 1e-5, Xi = 0.3, Eta = -0.7;
        (Cartesian up, Cartesian alongXi, Cartesian alongEta) = Sphere.Tangents(element, Xi, Eta);
        Cartesian byXi = 0.5 / Step * (Sphere.Direction(element, Xi + Step, Eta) - Sphere.Direction(element, Xi - Step, Eta));
        Cartesian byEta = 0.5 / Step * (Sphere.Direction(element, Xi, Eta + Step) - Sphere.Direction(element, Xi, Eta - Step));
        Assert.That((alongXi - byXi).Length, Is.LessThan(1e-10));
        Assert.That((alongEta - byEta).Length, Is.LessThan(1e-10));
        Assert.That(up.Dot(alongXi.Cross(alongEta)), Is.Positive);
    }

    [Test]
    public void Located_place_is_where_the_point_came_from()
    {
        for (int element = 0; element < Sphere.Elements; element++)
        {
            (int found, double xi, double eta) = Sphere.Locate(Sphere.Direction(element, 0.25, -0.9));
            Assert.That((found, xi, eta), Is.EqualTo((element, 0.25, -0.9)).Using<(int Element, double Xi, double Eta)>((a, b) =>
                a.Element == b.Element && Math.Abs(a.Xi - b.Xi) < 1e-13 && Math.Abs(a.Eta - b.Eta) < 1e-13));
        }
    }

    [Test]
    public void Poles_and_corners_are_located()
    {
        foreach (double latitude in new[] { -90.0, -45, -Math.Atan(1 / Math.Sqrt(2)) * 180 / Math.PI, 0, 45, 90 })
            foreach (double longitude in new[] { 0.0, 45, 90, 135, 180, 225, 315 })
            {
                Cartesian direction = new GeoPoint(latitude * Math.PI / 180, longitude * Math.PI / 180).Direction;
                (int element, double xi, double eta) = Sphere.Locate(direction);
                Assert.That((Sphere.Direction(element, xi, eta) - direction).Length, Is.LessThan(1e-14));
            }
    }

    [Test]
    public void Boundary_maps_a_node_beyond_an_edge_to_the_one_across_the_seam()
    {
        // The stack's lower edge is panel 0's southern one, the upper edge panel 5's northern one.
        Grid grid = Sphere.Grid;
        Assert.That(grid.Extent, Is.EqualTo(new Extent(72, 12)));
        Assert.That(grid.Boundary.TryMap(grid.Extent, new Cell(-1, 2), out Cell south));
        (int panel, _, _) = CubedSphere.Seam(0, Face.South);
        Assert.That(south.Row / 12, Is.EqualTo(panel));
        Assert.That(grid.Boundary.TryMap(grid.Extent, new Cell(-1, -1), out _), Is.False);
        for (int row = 0; row < 72; row++)
        {
            Assert.That(grid.Boundary.TryMap(grid.Extent, new Cell(row, -1), out Cell inside));
            Assert.That(grid.Extent.Whole.Contains(inside));
            Assert.That(inside.Row / 12, Is.EqualTo(CubedSphere.Seam(row / 12, Face.West).Panel));
        }
    }
}
