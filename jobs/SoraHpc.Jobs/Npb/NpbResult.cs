namespace SoraHpc.Jobs.Npb;

/// <summary>What one kernel came to; the same on every rank.</summary>
/// <param name="Kernel">"EP", "CG", "MG", "FT" or "IS".</param>
/// <param name="Class">Problem size.</param>
/// <param name="Size">It in words: "256 × 256 × 128".</param>
/// <param name="Iterations">Iterations timed.</param>
/// <param name="Ranks">Ranks it ran on.</param>
/// <param name="Seconds">The timed section as the specification draws it, the longest of the ranks.</param>
/// <param name="Operations">Operations the specification counts in it, of all ranks: floating-point ones, for IS keys ranked, for EP pairs of numbers.</param>
/// <param name="Quantities">What is checked, at least one.</param>
public sealed record NpbResult(string Kernel, NpbClass Class, string Size, int Iterations, int Ranks, double Seconds,
    double Operations, IReadOnlyList<NpbQuantity> Quantities)
{
    /// <summary>Million operations a second of all ranks together.</summary>
    public double MopsTotal => Operations / Seconds / 1e6;

    /// <summary>All quantities are within their tolerance.</summary>
    public bool IsVerified => Quantities.Count > 0 && Quantities.All(quantity => quantity.Passes);
}
