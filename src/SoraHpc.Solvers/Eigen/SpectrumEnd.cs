namespace SoraHpc.Solvers.Eigen;

/// <summary>Which end of the spectrum.</summary>
public enum SpectrumEnd
{
    /// <summary>From the least eigenvalue up.</summary>
    Smallest,
    /// <summary>From the largest down.</summary>
    Largest,
}
