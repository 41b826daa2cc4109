namespace SoraHpc.Learning.SubModels;

/// <summary>One sub-model learns with the parameters of another: there is one storage, and both gradients are added to it.</summary>
/// <param name="Owner">Title of the one whose parameters they are.</param>
/// <param name="Borrower">Title of the one that has none of its own there; it comes later.</param>
/// <param name="Blocks">How many blocks, from the first one, share.</param>
public sealed record Sharing(string Owner, string Borrower, int Blocks);
