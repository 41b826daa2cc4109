using System.Globalization;
using System.Text;
using SoraHpc.Jobs.Npb;

namespace SoraHpc.Cli.Bench;

/// <summary>The best of both sides, and their table.</summary>
internal sealed class NpbComparison(NpbClass size, int ranks)
{
    // NPB 3.4.1, gfortran 12 -O3 -march=native, best of several on a two-core virtual EPYC (Zen 5): Mop/s of A on 1 and 2 ranks, then B.
    private static readonly Dictionary<string, double[]> Elsewhere = new()
    {
        ["EP"] = [189, 372, 195, 393],
        ["CG"] = [2969, 6407, 1705, 3544],
        ["MG"] = [6594, 12371, 7248, 14104],
        ["FT"] = [6323, 9714, 6239, 9652],
        ["IS"] = [495, 843, 509, 842],
    };

    private readonly Dictionary<string, double> reference = [], own = [];

    internal void AddReference(string kernel, double mops) => Keep(reference, kernel, mops);

    internal void AddOwn(string kernel, double mops) => Keep(own, kernel, mops);

    /// <summary>A line a kernel below a heading; lines end in '\n'.</summary>
    internal string Render(int rounds)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"class {size} on {ranks} rank{(ranks == 1 ? "" : "s")}, Mop/s, best of {rounds}{(reference.Count > 0 ? ", both sides in turn" : "")}\n");
        text.Append($"  {"kernel",-6} {"own",12} {"reference",12} {"own/ref",8} {"ref elsewhere",14}\n");
        foreach ((string kernel, double mops) in own)
        {
            text.Append(CultureInfo.InvariantCulture, $"  {kernel,-6} {mops,12:0.0} ");
            text.Append(reference.TryGetValue(kernel, out double peer)
                ? string.Create(CultureInfo.InvariantCulture, $"{peer,12:0.0} {mops / peer,8:0.00} ") : $"{"–",12} {"–",8} ");
            text.Append(FigureElsewhere(kernel) is { } figure ? string.Create(CultureInfo.InvariantCulture, $"{figure,14:0}\n") : $"{"–",14}\n");
        }
        if (reference.Count == 0)
            text.Append("  a ratio needs the reference program run in turn on this machine: give its sources with --reference DIR\n");
        return text.ToString();
    }

    private double? FigureElsewhere(string kernel) => size is NpbClass.A or NpbClass.B && Elsewhere.TryGetValue(kernel, out double[]? figures)
        && ranks <= 2 ? figures[(size == NpbClass.B ? 2 : 0) + ranks - 1] : null;

    private static void Keep(Dictionary<string, double> best, string kernel, double mops) => best[kernel] = Math.Max(mops, best.GetValueOrDefault(kernel));
}
