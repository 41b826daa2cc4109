namespace SoraHpc.Jobs.Weather;

/// <summary>A vector in the Earth-fixed frame: x through (0° N, 0° E), y through (0° N, 90° E), z through the North Pole.</summary>
public readonly record struct Cartesian(double X, double Y, double Z)
{
    /// <summary>Length.</summary>
    public double Length => Math.Sqrt(Dot(this));

    public static Cartesian operator +(Cartesian a, Cartesian b) => new(a.X + b.X, a.Y + b.Y, a.Z + b.Z);
    public static Cartesian operator -(Cartesian a, Cartesian b) => new(a.X - b.X, a.Y - b.Y, a.Z - b.Z);
    public static Cartesian operator *(double s, Cartesian a) => new(s * a.X, s * a.Y, s * a.Z);

    /// <summary>Scalar product.</summary>
    public double Dot(Cartesian other) => X * other.X + Y * other.Y + Z * other.Z;

    /// <summary>Vector product.</summary>
    public Cartesian Cross(Cartesian other) =>
        new(Y * other.Z - Z * other.Y, Z * other.X - X * other.Z, X * other.Y - Y * other.X);
}
