namespace SoraHpc.Communication.Faults;

/// <summary>Ends the thread of a rank that a schedule has killed. No failure anybody is to handle: a process would be gone without a word,
/// a thread has to leave its stack. Whatever it calls on the way throws this again.</summary>
internal sealed class RankDeath() : Exception("the rank is dead");
