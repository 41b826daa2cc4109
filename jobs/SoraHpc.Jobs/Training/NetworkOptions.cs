using SoraHpc.Learning.Training;

namespace SoraHpc.Jobs.Training;

/// <summary>How networks are trained, whatever they learn, and where what is learnt goes.</summary>
public abstract record NetworkOptions : LearningOptions
{
    private protected NetworkOptions() { }

    /// <summary>How it is trained. Default, where a job does not say otherwise: 8 epochs, the rate a cosine from 0.002 on.</summary>
    public TrainingOptions Training { get; init; } = new() { Epochs = 8, Rate = new() { Base = 2e-3, Schedule = RateSchedule.Cosine, WarmUp = 0.05 } };

    /// <summary>The library of dense algebra, as <see cref="LinearAlgebra.BlasOptions.Library"/>. Default: auto, as rank 0 finds it.</summary>
    public string Library { get; init; } = "auto";

    /// <summary>HDF5 file for the trained model, of several the one that is kept; null for none.</summary>
    public string? Output { get; init; }
}
