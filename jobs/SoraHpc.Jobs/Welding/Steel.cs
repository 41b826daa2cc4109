namespace SoraHpc.Jobs.Welding;

/// <summary>
/// What happens to a cell by itself: a phase change whose fraction f goes towards its equilibrium f_eq(T) = 1/(1 + exp((T₀ − T)/w)) at the
/// temperature-activated rate k(T) = k_ref·exp(T_a·(1/T_ref − 1/T)) and takes the latent heat with it: df/dt = k(T)·(f_eq(T) − f),
/// dT/dt = −L·df/dt. Hot cells are stiff: the rate grows by a factor of 6000 from 800 to 1500 K.
/// </summary>
/// <remarks>Of the kind of steel that turns to austenite; the numbers are round ones, times in steps.</remarks>
public static class Steel
{
    /// <summary>Temperature at the plate's edge, from which fields count [K].</summary>
    public const double Ambient = 300;

    /// <summary>T₀: half is transformed in equilibrium [K].</summary>
    public const double Transition = 1000;

    /// <summary>w: how sharp the transition is [K].</summary>
    public const double Width = 40;

    /// <summary>T_a [K].</summary>
    public const double Activation = 15_000;

    /// <summary>T_ref [K].</summary>
    public const double Reference = 1500;

    /// <summary>k_ref: the rate at T_ref [1/step].</summary>
    public const double Rate = 20;

    /// <summary>L: what the whole transformation cools by [K].</summary>
    public const double Latent = 200;

    /// <summary>Loss of heat to the surroundings [1/step].</summary>
    public const double Cooling = 0.002;

    /// <summary>Below this the rate is under 10⁻⁵ a step and taken for none [K above the edge].</summary>
    public const double Cold = 300;

    /// <summary>Largest rate × substep: well inside the stability of explicit substeps, latent heat included.</summary>
    public const double LargestSubstep = 0.1;

    /// <summary>More substeps than this mean that the plate is far beyond what this models.</summary>
    public const int MostSubsteps = 100_000;
}
