namespace SoraHpc.LinearAlgebra;

/// <summary>A BLAS or LAPACK library cannot be used, or refused a call; the message says why and what to do.</summary>
public sealed class BlasException(string message) : Exception(message);
