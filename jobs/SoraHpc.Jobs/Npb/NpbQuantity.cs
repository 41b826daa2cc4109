using System.Globalization;

namespace SoraHpc.Jobs.Npb;

/// <summary>One number a kernel is judged by.</summary>
/// <param name="Name">What it is: "zeta", "Re checksum 3".</param>
/// <param name="Computed">This run's.</param>
/// <param name="Reference">The published one.</param>
/// <param name="Tolerance">Largest relative error that passes, ≥ 0; 0 for numbers that must be equal.</param>
public readonly record struct NpbQuantity(string Name, double Computed, double Reference, double Tolerance)
{
    /// <summary>|computed − reference| / |reference|; the absolute error where the reference is 0.</summary>
    public double RelativeError => Math.Abs(Reference == 0 ? Computed : (Computed - Reference) / Reference);

    /// <summary>Within the tolerance. A number that is not finite never is.</summary>
    public bool Passes => RelativeError <= Tolerance;

    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Name} {Computed:G16}; published {Reference:G16}, relative error {RelativeError:0.0e+0}, allowed {Tolerance:0e+0}");
}
