namespace SoraHpc.Communication.Survival.Detection;

/// <summary>
/// What one rank knows of all: who is dead, and the last sign of everyone else. Pure: no sockets, no clock. Every rank decides by itself
/// from what it knows; since deaths and signs reach everybody, or nobody that lives, all decide the same, and no rank's word is needed
/// whose death would have to be agreed on in turn.
/// </summary>
/// <remarks>A member is a process or thread that ever was in the run, by the order of joining; a rank's number changes from world to world, this
/// one's never does.</remarks>
internal sealed class Membership
{
    private readonly List<LifeSign> signs = [];
    private readonly HashSet<int> dead = [];
    private int[] world = [];

    /// <param name="members">In the run at its start, or before this one joined.</param>
    internal Membership(int self, int members)
    {
        Self = self;
        Add(members);
    }

    internal int Self { get; }

    /// <summary>Members that ever were, dead or alive.</summary>
    internal int Count => signs.Count;

    /// <summary>Fingerprint of the set of the dead: equal where the same are known, whatever the order they were heard of in.</summary>
    internal ulong Dead { get; private set; }

    internal int DeadCount => dead.Count;

    internal LifeSign Own => signs[Self];

    internal bool IsDead(int member) => dead.Contains(member);

    internal LifeSign SignOf(int member) => signs[member];

    /// <summary>Ascending.</summary>
    internal int[] Living() => [.. Enumerable.Range(0, Count).Where(member => !dead.Contains(member))];

    /// <summary>Replacements join.</summary>
    internal void Add(int members)
    {
        for (int i = 0; i < members; i++)
            signs.Add(new LifeSign(signs.Count, 0, LifeState.Running, 0, 0));
    }

    /// <summary>False when it was known.</summary>
    internal bool Bury(int member)
    {
        if ((uint)member >= (uint)Count || !dead.Add(member))
            return false;
        Dead ^= Mix((ulong)member + 1);
        return true;
    }

    /// <summary>Takes a sign; false when one as late was known.</summary>
    internal bool Hear(in LifeSign sign)
    {
        if ((uint)sign.Member >= (uint)Count || sign.Number <= signs[sign.Member].Number)
            return false;
        signs[sign.Member] = sign;
        return true;
    }

    /// <summary>The next sign of this rank.</summary>
    internal LifeSign Say(LifeState state, int generation) =>
        signs[Self] = new(Self, signs[Self].Number + 1, state, generation, Dead);

    /// <summary>The members of the world this rank is in, by their rank in it.</summary>
    internal IReadOnlyList<int> World => world;

    /// <summary>This rank is in a new world now.</summary>
    internal LifeSign Enter(int generation, int[] members)
    {
        world = members;
        return Say(LifeState.Running, generation);
    }

    /// <summary>A member of the present world has died.</summary>
    internal bool IsWorldBroken => world.Any(dead.Contains);

    /// <summary>Every rank of the present world has done its part, whether it still lives or not: the run is over.</summary>
    internal bool AllAreDone() => world.All(member => (signs[member].State & LifeState.Done) != 0 && signs[member].Generation == Own.Generation);

    /// <summary>The number of the world that all living ranks are about to form without the dead; −1 while one has not said that it is so far and
    /// knows the same dead.</summary>
    internal int NextGeneration(LifeState wanted)
    {
        int next = 0;
        foreach (int member in Living())
        {
            if (!Has(member, wanted))
                return -1;
            // One that is already ahead has seen all the others arrive, this rank included.
            next = Math.Max(next, signs[member].Generation > Own.Generation ? signs[member].Generation : Own.Generation + 1);
        }
        return next;
    }

    /// <summary>Those the others wait for.</summary>
    internal int[] Missing(LifeState wanted) => [.. Living().Where(member => !Has(member, wanted))];

    private bool Has(int member, LifeState wanted) => signs[member].Dead == Dead
        && ((signs[member].State & wanted) == wanted || signs[member].Generation > Own.Generation);

    // splitmix64's finaliser (Steele, Lea, Flood 2014): an exclusive or of such words is a set's fingerprint.
    private static ulong Mix(ulong word)
    {
        word = (word + 0x9E3779B97F4A7C15) * 0xBF58476D1CE4E5B9;
        word = (word ^ word >> 27) * 0x94D049BB133111EB;
        return word ^ word >> 31;
    }
}
