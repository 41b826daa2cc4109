using System.Runtime.CompilerServices;

namespace SoraHpc.Jobs.Weather;

/// <summary>
/// The air and the surface under one node, complete in itself: any rank can advance it. Blittable, 600 B; goes to another rank
/// and back as it is.
/// </summary>
public struct Column
{
    /// <summary>Most layers.</summary>
    public const int MostLayers = 64;

    /// <summary>Rank it belongs to, and its place there.</summary>
    public int Owner, Index;

    /// <summary>sin θ.</summary>
    public double SinLatitude;

    /// <summary>λ [rad].</summary>
    public double Longitude;

    /// <summary>Speed of the wind over the surface [m s⁻¹].</summary>
    public double Wind;

    /// <summary>Of the surface [K].</summary>
    public double SurfaceTemperature;

    /// <summary>Longwave that leaves at the top [W m⁻²].</summary>
    public double OutgoingLongwave;

    /// <summary>Sunlight that stays, incoming less reflected at the top; mean over the interval [W m⁻²].</summary>
    public double AbsorbedShortwave;

    /// <summary>Mean temperature of the layers, which have equal masses [K].</summary>
    public double MeanTemperature;

    /// <summary>Of the layers from the top down [K]; unused ones are 0.</summary>
    public Profile Temperatures;

    /// <summary>Net radiation into the column at the top [W m⁻²].</summary>
    public readonly double NetRadiation => AbsorbedShortwave - OutgoingLongwave;

    /// <summary>Numbers of a column with so many layers that change while it is advanced.</summary>
    internal static int NumbersOf(int layers) => 5 + layers;

    /// <summary>Copies them out, <see cref="NumbersOf"/> of them.</summary>
    internal readonly void CopyTo(Span<double> numbers)
    {
        (numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]) = (Wind, SurfaceTemperature, OutgoingLongwave, AbsorbedShortwave, MeanTemperature);
        ((ReadOnlySpan<double>)Temperatures)[..(numbers.Length - 5)].CopyTo(numbers[5..]);
    }

    /// <summary>Takes them back.</summary>
    internal void CopyFrom(ReadOnlySpan<double> numbers)
    {
        (Wind, SurfaceTemperature, OutgoingLongwave, AbsorbedShortwave, MeanTemperature) = (numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]);
        numbers[5..].CopyTo(Temperatures);
    }

    /// <summary>One number a layer.</summary>
    [InlineArray(MostLayers)]
    public struct Profile
    {
        private double first;
    }
}
