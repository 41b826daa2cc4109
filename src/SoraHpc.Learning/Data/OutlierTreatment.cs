namespace SoraHpc.Learning.Data;

/// <summary>What is done with what stands out.</summary>
public enum OutlierTreatment
{
    /// <summary>Rows stay as they are, and a column <see cref="FittedOutliers.FlagName"/> says which stand out: 1, else 0.</summary>
    Flag,

    /// <summary>Rows are left out.</summary>
    Remove,

    /// <summary>Numbers are moved to the nearest that does not stand out (winsorised); for rules that look at one column at a time.</summary>
    Clip,
}
