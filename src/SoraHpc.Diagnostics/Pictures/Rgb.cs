namespace SoraHpc.Diagnostics.Pictures;

/// <summary>A colour as screens take it: sRGB, 8 bits a channel.</summary>
public readonly record struct Rgb(byte Red, byte Green, byte Blue)
{
    /// <summary>"#rrggbb".</summary>
    public override string ToString() => $"#{Red:x2}{Green:x2}{Blue:x2}";
}
