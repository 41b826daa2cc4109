namespace SoraHpc.Learning.SubModels;

/// <summary>A part of a sample along its slowest dimension: columns of a row, words of a text, steps of a sequence, rows of an image.</summary>
/// <param name="Begin">First one.</param>
/// <param name="End">Behind the last one.</param>
public readonly record struct ColumnRange(int Begin, int End)
{
    /// <summary>"[0, 12)".</summary>
    public override string ToString() => $"[{Begin}, {End})";
}
