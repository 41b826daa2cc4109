namespace SoraHpc.Jobs.Weather;

/// <summary>
/// Five stages, fourth order, two registers: increment ← A·increment + Δt·tendency(state); state ← state + B·increment.
/// </summary>
/// <remarks>Source: Carpenter and Kennedy, Fourth-order 2N-storage Runge–Kutta schemes, NASA TM-109112 (1994), solution 3.</remarks>
public static class LowStorageRungeKutta
{
    private static readonly double[] CarryTable =
    [
        0,
        -567301805773.0 / 1357537059087.0,
        -2404267990393.0 / 2016746695238.0,
        -3550918686646.0 / 2091501179385.0,
        -1275806237668.0 / 842570457699.0,
    ];

    private static readonly double[] AdvanceTable =
    [
        1432997174477.0 / 9575080441755.0,
        5161836677717.0 / 13612068292357.0,
        1720146321549.0 / 2090206949498.0,
        3134564353537.0 / 4481467310338.0,
        2277821191437.0 / 14882151754819.0,
    ];

    /// <summary>A per stage.</summary>
    public static ReadOnlySpan<double> Carry => CarryTable;

    /// <summary>B per stage.</summary>
    public static ReadOnlySpan<double> Advance => AdvanceTable;
}
