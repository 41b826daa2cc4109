namespace SoraHpc.Communication.Faults;

/// <summary>Something that happened in a run under a <see cref="FaultSchedule"/>.</summary>
/// <param name="Turn">How many turns ranks had taken; 0 where they take none.</param>
/// <param name="Generation">The world it happened in.</param>
/// <param name="Rank">The rank's number in that world.</param>
/// <param name="Call">How many calls the rank had made there.</param>
/// <param name="What">The fault, or what came of it.</param>
public readonly record struct FaultEvent(long Turn, int Generation, int Rank, long Call, string What)
{
    /// <summary>One line.</summary>
    public override string ToString() => $"turn {Turn}: world {Generation} rank {Rank} call {Call}: {What}";
}
