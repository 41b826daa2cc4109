namespace SoraHpc.Diagnostics.Pictures;

/// <summary>Wind on the points of a <see cref="LatLonField"/>, same shape.</summary>
/// <param name="Eastward">u [m/s].</param>
/// <param name="Northward">v [m/s].</param>
public sealed record WindField(double[] Eastward, double[] Northward);
