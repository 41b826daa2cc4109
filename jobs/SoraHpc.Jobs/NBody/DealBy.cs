namespace SoraHpc.Jobs.NBody;

/// <summary>What every rank gets an equal amount of, in proportion to its capability.</summary>
public enum DealBy
{
    /// <summary>Interactions, as counted for every body in the step before.</summary>
    Cost,

    /// <summary>Bodies.</summary>
    Count,
}
