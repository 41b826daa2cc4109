using SoraHpc.Runtime.Stealing;

namespace WeatherStrategies;

/// <summary>
/// Victims in a list: who had tasks comes to its front, and a rank in search of some goes through it from there. Ranks with much work, such as
/// those under a storm, stay in front; ranks that never have any are asked last.
/// </summary>
/// <remarks>Source: J. McCabe, On serial files with relocatable records, Operations Research 13 (1965): the move-to-front rule.</remarks>
public struct MoveToFront : IVictimSelector
{
    private readonly int[] victims;
    private int at;

    /// <param name="thief">This rank; given by the program.</param>
    /// <param name="ranks">Number of ranks, ≥ 1; given by the program.</param>
    /// <param name="first">Distance in rank order to the victim that is asked first, ≥ 1: 1 is the next rank.</param>
    public MoveToFront(int thief, int ranks, int first = 1)
    {
        if (first < 1)
            throw new ArgumentException($"the first victim is 1 rank or more away, not {first}");
        victims = new int[ranks - 1];
        for (int i = 0; i < victims.Length; i++)
            victims[i] = (thief + 1 + (first - 1 + i) % victims.Length) % ranks;
    }

    /// <inheritdoc/>
    public readonly int Next() => victims[at];

    /// <inheritdoc/>
    public void Report(int victim, bool found)
    {
        if (!found)
        {
            at = (at + 1) % victims.Length;
            return;
        }
        victims.AsSpan(0, at).CopyTo(victims.AsSpan(1));
        victims[0] = victim;
        at = 0;
    }
}
