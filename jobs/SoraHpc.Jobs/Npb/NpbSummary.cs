using System.Globalization;
using System.Text;

namespace SoraHpc.Jobs.Npb;

/// <summary>The summary every implementation of the suite prints after a kernel.</summary>
public static class NpbSummary
{
    /// <summary>The quantities checked, then the suite's block; lines end in '\n'.</summary>
    public static string Render(NpbResult result)
    {
        var text = new StringBuilder();
        foreach (NpbQuantity quantity in result.Quantities)
            text.Append($" {(quantity.Passes ? "ok   " : "wrong")} {quantity}\n");
        text.Append($" VERIFICATION {(result.IsVerified ? "SUCCESSFUL" : "FAILED")}\n\n");
        text.Append($" {result.Kernel} Benchmark Completed.\n");
        Line(text, "Class", $"{result.Class}");
        Line(text, "Size", result.Size);
        Line(text, "Iterations", $"{result.Iterations}");
        Line(text, "Time in seconds", $"{result.Seconds:0.0000}");
        Line(text, "Total processes", $"{result.Ranks}");
        Line(text, "Mop/s total", $"{result.MopsTotal:0.00}");
        Line(text, "Mop/s/process", $"{result.MopsTotal / result.Ranks:0.00}");
        Line(text, "Verification", result.IsVerified ? "SUCCESSFUL" : "UNSUCCESSFUL");
        return text.Append('\n').ToString();
    }

    private static void Line(StringBuilder text, string name, FormattableString value) => Line(text, name, value.ToString(CultureInfo.InvariantCulture));

    private static void Line(StringBuilder text, string name, string value) => text.Append($" {name,-15} = {value,24}\n");
}
