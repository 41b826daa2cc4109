using System.Globalization;

namespace SoraHpc.Communication;

/// <summary>One recovery: who died, and what it took to form the world anew.</summary>
/// <param name="Generation">The new world's; 1 for the first recovery.</param>
/// <param name="Failed">The dead by their numbers in the world before, ascending.</param>
/// <param name="RanksBefore">Ranks of the world before.</param>
/// <param name="Ranks">Ranks of the new world.</param>
/// <param name="Replaced">How many of them are replacements.</param>
/// <param name="Detection">From the last sign of life this rank had of the dead until it knew; on threads from the death itself.</param>
/// <param name="Agreement">From then until all living ranks had left what they did and knew the same dead.</param>
/// <param name="Formation">From then until the new world stood.</param>
public sealed record RecoveryReport(int Generation, IReadOnlyList<int> Failed, int RanksBefore, int Ranks, int Replaced,
    TimeSpan Detection, TimeSpan Agreement, TimeSpan Formation)
{
    /// <summary>One line for people.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"rank{(Failed.Count == 1 ? "" : "s")} {string.Join(", ", Failed)} of {RanksBefore} died; noticed within {Detection.TotalSeconds:0.000} s, " +
        $"recovered in {(Agreement + Formation).TotalSeconds:0.000} s (agreed {Agreement.TotalSeconds:0.000}, formed {Formation.TotalSeconds:0.000}): " +
        $"going on with {Ranks} rank{(Ranks == 1 ? "" : "s")}{(Replaced > 0 ? $", {Replaced} of them new" : "")}");
}
