namespace SoraHpc.Communication;

/// <summary>One rank of a run that survives deaths: all that a transport supplies for it. The rest, when what is called, is here.</summary>
internal abstract class MortalRank
{
    private bool isBrokenOff;

    /// <summary>Calls the body, and again on every new world, until it has returned on all ranks. Throws what ends the run: a failure that no
    /// death has caused, or a recovery that fails.</summary>
    internal void Run(Action<Communicator> body)
    {
        Communicator world = Open();
        while (!Completes(body, world))
            world = Recover();
        world.Memory.Clear();
    }

    /// <summary>The world as it starts; for a replacement, the one it was started for.</summary>
    protected abstract Communicator Open();

    /// <summary>Says that this rank's body has returned and waits for the others'. True when it has on all ranks, false when one has died
    /// before its own had: what it was to write may be missing.</summary>
    protected abstract bool Finish();

    /// <summary>Meets the living, agrees with them on who is dead, and forms the world without them, or with others in their places. Starts
    /// over when somebody dies meanwhile. The rank numbers, <see cref="Incarnation.Generation"/> and who is dead are the same on all.</summary>
    protected abstract Communicator Recover();

    private bool Completes(Action<Communicator> body, Communicator world)
    {
        isBrokenOff = false;
        try
        {
            body(world);
            return Finish();
        }
        catch (Exception failure) when (WasBrokenOff(failure))
        {
            return false;
        }
    }

    // A using block that fails on the way out replaces the exception; the filter sees the first one before. In a field, because the
    // compiler takes a local that only the filter changes for a constant.
    private bool WasBrokenOff(Exception failure) => isBrokenOff |= RankFailureException.CauseOf(failure) is not null;
}
