namespace SoraHpc.Learning.Data;

/// <summary>How far from what a number has to be to stand out of its column.</summary>
public enum OutlierRule
{
    /// <summary>More than so many standard deviations from the mean.</summary>
    ZScore,

    /// <summary>More than so many median absolute deviations from the median, which up to half of the numbers cannot move; in units of 1.4826 deviations, which are
    /// one standard deviation of normal numbers. Source: Iglewicz and Hoaglin, How to Detect and Handle Outliers (1993), who take 3.5.</summary>
    MedianDeviation,
}
