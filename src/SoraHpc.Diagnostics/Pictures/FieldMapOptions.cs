namespace SoraHpc.Diagnostics.Pictures;

/// <summary>What a map says and how it is coloured.</summary>
public sealed record FieldMapOptions
{
    /// <summary>The large line on top.</summary>
    public required string Title { get; init; }

    /// <summary>The line below it: when, which run.</summary>
    public string Subtitle { get; init; } = "";

    /// <summary>What is coloured: "geopotential height".</summary>
    public string Quantity { get; init; } = "";

    /// <summary>Its unit: "m". Empty: dimensionless.</summary>
    public string Unit { get; init; } = "";

    /// <summary>The colours. Default: <see cref="ColorMap.Sequential"/>.</summary>
    public ColorMap Colors { get; init; } = ColorMap.Sequential;

    /// <summary>Values at the two ends of the colours. Default: null, the field's own range; centred on zero for <see cref="ColorMap.Diverging"/>.</summary>
    public (double Low, double High)? Range { get; init; }

    /// <summary>Difference between contour lines, in the field's unit; 0: none. Default: null, a round value giving about ten lines.</summary>
    public double? ContourInterval { get; init; }

    /// <summary>Distance between arrows [pixels], in [12, 200].</summary>
    public int ArrowSpacing { get; init => field = value is >= 12 and <= 200 ? value : throw new ArgumentOutOfRangeException(nameof(ArrowSpacing)); } = 32;
}
