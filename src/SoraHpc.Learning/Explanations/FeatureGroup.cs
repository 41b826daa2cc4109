namespace SoraHpc.Learning.Explanations;

/// <summary>Numbers of a sample that are looked at together: one column of a table, a patch of an image, a word of a text.</summary>
/// <param name="Name">What charts call it.</param>
/// <param name="Columns">Places among a sample's elements, each in range and there once.</param>
public sealed record FeatureGroup(string Name, int[] Columns)
{
    /// <summary>One group for each column.</summary>
    public static IReadOnlyList<FeatureGroup> Each(IReadOnlyList<string> names) => [.. names.Select((name, column) => new FeatureGroup(name, [column]))];

    /// <summary>Squares of an image, of all channels; those at the right and lower edge may be narrower.</summary>
    /// <param name="rows">Rows of the image.</param>
    /// <param name="columns">Columns of it.</param>
    /// <param name="channels">Numbers of a pixel, which lie together.</param>
    /// <param name="edge">Pixels along a square's side, ≥ 1.</param>
    public static IReadOnlyList<FeatureGroup> Squares(int rows, int columns, int channels, int edge) =>
        [.. from top in Enumerable.Range(0, (rows + edge - 1) / edge)
            from left in Enumerable.Range(0, (columns + edge - 1) / edge)
            let bottom = Math.Min(rows, (top + 1) * edge)
            let right = Math.Min(columns, (left + 1) * edge)
            select new FeatureGroup($"rows {top * edge}–{bottom - 1}, columns {left * edge}–{right - 1}",
                [.. from row in Enumerable.Range(top * edge, bottom - top * edge)
                    from column in Enumerable.Range(left * edge, right - left * edge)
                    from channel in Enumerable.Range(0, channels)
                    select (row * columns + column) * channels + channel])];
}
