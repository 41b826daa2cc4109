using SoraHpc.Diagnostics;

namespace SoraHpc.Learning.Training;

/// <summary>Samples are changed a little, anew in every epoch, while they are learnt from: more to learn from where samples are few. How depends on seed, epoch and the sample's
/// index in the whole data set, and for <see cref="Mix"/> on its micro-batch: not on who computes it. Everything is off unless it is given.</summary>
public sealed record Augmentation
{
    /// <summary>Images are shifted by up to so many pixels up or down, left or right; ≥ 0. What comes in is 0.</summary>
    public double Shift { get; init => field = AtLeastZero(value, "a shift"); }

    /// <summary>Images are turned about their middle by up to so many radians either way; ≥ 0.</summary>
    public double Turn { get; init => field = AtLeastZero(value, "a turn"); }

    /// <summary>Images are stretched along rows and along columns, each by a factor of up to 1 ± so much; in [0, 1).</summary>
    public double Stretch { get; init => field = Share(value, "a stretch"); }

    /// <summary>Images are slanted: columns are shifted by up to so many pixels for every row; ≥ 0.</summary>
    public double Slant { get; init => field = AtLeastZero(value, "a slant"); }

    /// <summary>Standard deviation of normal noise that is added to every number, in its unit; ≥ 0.</summary>
    public double Noise { get; init => field = AtLeastZero(value, "noise"); }

    /// <summary>Up to this share of a sample, in [0, 1), comes from another one of its micro-batch: of the same class where there are classes, which so stay right; of any where
    /// there are none, and targets are mixed alike. Source: Zhang et al., mixup, ICLR 2018.</summary>
    public double Mix { get; init => field = Share(value, "a share to mix"); }

    /// <summary>Whether only images can be changed so.</summary>
    internal bool MovesPixels => Shift > 0 || Turn > 0 || Stretch > 0 || Slant > 0;

    private static double AtLeastZero(double value, string what) =>
        value >= 0 && double.IsFinite(value) ? value : throw new UsageException(FormattableString.Invariant($"augmentation by {what} of {value}: give 0 or more"));

    private static double Share(double value, string what) =>
        value is >= 0 and < 1 ? value : throw new UsageException(FormattableString.Invariant($"augmentation by {what} of {value}: give a number from 0 on and below 1"));
}
