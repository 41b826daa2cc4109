namespace SoraHpc.Jobs.Weather;

/// <summary>Some whole rows of fields on a <see cref="LatLonGrid"/>: all arrays have the shape (rows, columns).</summary>
/// <param name="FirstRow">First row held.</param>
/// <param name="Rows">Rows held.</param>
/// <param name="Surface">Height of the free surface [m].</param>
/// <param name="Bottom">Height of the bottom [m].</param>
/// <param name="Eastward">u [m s⁻¹].</param>
/// <param name="Northward">v [m s⁻¹].</param>
public sealed record LatLonRows(int FirstRow, int Rows, double[] Surface, double[] Bottom, double[] Eastward, double[] Northward);
