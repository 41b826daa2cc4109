namespace SoraHpc.Jobs.Training;

/// <summary>How each digit is written: lines through points of a unit square, x to the right and y down.</summary>
internal static class DigitStrokes
{
    private const int PointsOfAnArc = 12;

    /// <summary>Strokes of the digits 0 to 9, some with two ways to write them.</summary>
    internal static readonly (double X, double Y)[][][][] Of =
    [
        [[Arc(0.5, 0.5, 0.27, 0.38, 0, 360)]],
        [[[(0.36, 0.26), (0.54, 0.12), (0.54, 0.88)]], [[(0.5, 0.12), (0.5, 0.88)]]],
        [[[.. Arc(0.5, 0.33, 0.24, 0.21, -170, 40), (0.26, 0.87), (0.77, 0.87)]]],
        [[[.. Arc(0.48, 0.31, 0.22, 0.19, -150, 90), .. Arc(0.48, 0.68, 0.25, 0.2, -90, 150)]]],
        [[[(0.56, 0.12), (0.24, 0.6), (0.78, 0.6)], [(0.62, 0.36), (0.62, 0.88)]], [[(0.3, 0.14), (0.27, 0.52), (0.72, 0.52)], [(0.7, 0.14), (0.68, 0.88)]]],
        [[[(0.72, 0.13), (0.34, 0.13), (0.31, 0.45), .. Arc(0.48, 0.64, 0.24, 0.23, -110, 140)]]],
        [[[(0.66, 0.12), (0.42, 0.32), .. Arc(0.5, 0.66, 0.22, 0.21, -170, 190)]]],
        [[[(0.24, 0.14), (0.76, 0.14), (0.42, 0.88)]], [[(0.24, 0.14), (0.76, 0.14), (0.42, 0.88)], [(0.38, 0.5), (0.7, 0.5)]]],
        [[Arc(0.5, 0.31, 0.19, 0.18, 0, 360), Arc(0.5, 0.69, 0.23, 0.2, 0, 360)]],
        [[[.. Arc(0.5, 0.34, 0.21, 0.21, 10, 370), (0.68, 0.6), (0.56, 0.88)]], [Arc(0.5, 0.34, 0.21, 0.21, 0, 360), [(0.71, 0.34), (0.71, 0.88)]]],
    ];

    private static (double, double)[] Arc(double x, double y, double radiusX, double radiusY, double from, double to) =>
        [.. Enumerable.Range(0, PointsOfAnArc + 1).Select(i => (from + (to - from) * i / PointsOfAnArc) * Math.PI / 180).Select(angle => (x + radiusX * Math.Cos(angle), y + radiusY * Math.Sin(angle)))];
}
