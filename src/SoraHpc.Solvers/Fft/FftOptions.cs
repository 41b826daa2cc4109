using SoraHpc.Diagnostics;

namespace SoraHpc.Solvers.Fft;

/// <summary>Whose one-dimensional transforms are used.</summary>
public enum FftLibrary
{
    /// <summary>Those of <see cref="FftPlan"/>.</summary>
    Own,
    /// <summary>The system's FFTW 3, found when the first is made.</summary>
    Fftw,
}

/// <summary>How a grid is cut for a transform in three dimensions.</summary>
public enum FftDecomposition
{
    /// <summary>Slabs while there are enough planes and rows for all ranks, else pencils.</summary>
    Automatic,
    /// <summary>Whole planes, one transposition.</summary>
    Slab,
    /// <summary>Whole lines, two transpositions, each among a part of the ranks.</summary>
    Pencil,
}

/// <summary>How a distributed transform is made.</summary>
public sealed record FftOptions
{
    /// <summary>Whose local transforms. Default: our own.</summary>
    public FftLibrary Library { get; init; } = FftLibrary.Own;

    /// <summary>The cut in three dimensions; in fewer there is only one. Default: automatic.</summary>
    public FftDecomposition Decomposition { get; init; } = FftDecomposition.Automatic;

    /// <summary>A local transform of one length.</summary>
    /// <exception cref="SoraException">FFTW is asked for and not there.</exception>
    internal ILocalFft Plan(int length) => Library == FftLibrary.Fftw ? new FftwPlan(length) : new FftPlan(length);
}
