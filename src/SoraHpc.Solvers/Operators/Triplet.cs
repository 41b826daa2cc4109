namespace SoraHpc.Solvers.Operators;

/// <summary>One entry of a matrix by global row and column; entries of the same place are added.</summary>
public readonly record struct Triplet(long Row, long Column, double Value);
