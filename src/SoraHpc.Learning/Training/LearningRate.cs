using SoraHpc.Diagnostics;

namespace SoraHpc.Learning.Training;

/// <summary>How a learning rate goes on.</summary>
public enum RateSchedule
{
    /// <summary>It stays.</summary>
    Constant,
    /// <summary>Down to 0 along half a cosine. Source: Loshchilov and Hutter (2017), without restarts.</summary>
    Cosine,
    /// <summary>A tenth after half, a hundredth after three quarters of all steps.</summary>
    Steps,
}

/// <summary>The learning rate of every step.</summary>
public sealed record LearningRate
{
    /// <summary>Largest rate, > 0. Default: 0.001.</summary>
    public double Base { get; init => field = value > 0 && double.IsFinite(value) ? value : throw new UsageException(FormattableString.Invariant($"a learning rate of {value}: give a number above 0")); } = 1e-3;

    /// <summary>How it goes on. Default: constant.</summary>
    public RateSchedule Schedule { get; init; }

    /// <summary>Part of all steps in which it grows evenly from near 0, in [0, 1). Default: 0.</summary>
    public double WarmUp { get; init => field = value is >= 0 and < 1 ? value : throw new UsageException(FormattableString.Invariant($"a warm-up of {value} of all steps: give a part in [0, 1)")); }

    /// <summary>Samples of the batch that <see cref="Base"/> is meant for: with another batch the rate is so many times larger. 0, the default: the
    /// rate is the same for every batch. Source: Goyal et al., Accurate, Large Minibatch SGD (2017).</summary>
    public int ReferenceBatch { get; init => field = value >= 0 ? value : throw new UsageException($"a reference batch of {value} samples: give 0 or more"); }

    /// <summary>Rate of a step.</summary>
    /// <param name="step">From 0.</param>
    /// <param name="steps">All steps.</param>
    /// <param name="batch">Samples of a batch.</param>
    public double At(long step, long steps, int batch)
    {
        double scaled = ReferenceBatch > 0 ? Base * batch / ReferenceBatch : Base, done = (step + 1.0) / steps;
        if (done <= WarmUp)
            return scaled * done / WarmUp;
        double after = (double)step / steps;
        return Schedule switch
        {
            RateSchedule.Cosine => scaled * 0.5 * (1 + Math.Cos(Math.PI * Math.Max(0, after - WarmUp) / (1 - WarmUp))),
            RateSchedule.Steps => after < 0.5 ? scaled : after < 0.75 ? scaled * 0.1 : scaled * 0.01,
            _ => scaled,
        };
    }
}
