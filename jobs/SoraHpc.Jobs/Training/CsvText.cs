using System.Globalization;
using System.Text;

namespace SoraHpc.Jobs.Training;

/// <summary>Rows with commas between: numbers in as many digits as they have, words in quotes where they must be.</summary>
/// <remarks>Source: RFC 4180.</remarks>
internal static class CsvText
{
    /// <summary>The whole file.</summary>
    internal static string Of(IReadOnlyList<string> header, IEnumerable<IReadOnlyList<object>> rows)
    {
        StringBuilder text = new();
        foreach (IReadOnlyList<object> row in rows.Prepend(header))
            text.AppendJoin(',', row.Select(Cell)).Append('\n');
        return text.ToString();
    }

    private static string Cell(object value)
    {
        string text = Convert.ToString(value, CultureInfo.InvariantCulture)!;
        return text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"")}\"" : text;
    }
}
