namespace SoraHpc.Decomposition;

/// <summary>The grid cannot be divided as asked; the message says why and what would work.</summary>
public sealed class PartitionException(string message) : Exception(message);
