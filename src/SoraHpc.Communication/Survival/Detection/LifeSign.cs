namespace SoraHpc.Communication.Survival.Detection;

/// <summary>How far a rank is, in the world it is in.</summary>
[Flags]
internal enum LifeState : byte
{
    Running = 0,
    /// <summary>Its body has returned. Stays so until there is a new world.</summary>
    Done = 1,
    /// <summary>It has left whatever it did because of the deaths it knows, and waits for the others.</summary>
    Arrived = 2,
    /// <summary>Besides, it is ready to form the world without them.</summary>
    Ready = 8,
    /// <summary>It leaves the run, all being done: its silence is no death.</summary>
    Left = 4,
}

/// <summary>What a rank says of itself; a later one, by its number, takes the place of an earlier.</summary>
/// <param name="Member">Whose it is.</param>
/// <param name="Number">Ascending.</param>
/// <param name="Generation">Of the world the rank is in.</param>
/// <param name="Dead">Fingerprint of the deaths the rank knew; see <see cref="Membership.Dead"/>.</param>
internal readonly record struct LifeSign(int Member, int Number, LifeState State, int Generation, ulong Dead);
