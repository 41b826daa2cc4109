namespace SoraHpc.Jobs.Weather;

/// <summary>Where the nodes across a face lie in this rank's state: node q of a variable is at Offset + variable + Stride · q.</summary>
public readonly record struct FaceLink(int Offset, int Stride)
{
    /// <summary>The same nodes read the other way.</summary>
    public FaceLink Reverse() => new(Offset + (Layout.Line - 1) * Stride, -Stride);
}
