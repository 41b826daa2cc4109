using SoraHpc.Communication;
using SoraHpc.Diagnostics;

namespace SoraHpc.Storage.Hdf5;

/// <summary>One rank's described failure becomes every rank's, so that none waits for a partner that has given up.</summary>
/// <remarks>Only a <see cref="SoraException"/> travels. A defect ends its rank and with it the world.</remarks>
internal static class SharedFailure
{
    /// <summary>Rank 0 acts; its failure is thrown on every rank. Collective.</summary>
    internal static void RootActs(Communicator communicator, Action act)
    {
        SoraException? failure = communicator.IsRoot ? Attempt(act) : null;
        Throw(communicator, failure, root: 0, failed: communicator.Broadcast(failure is null ? 0 : 1) != 0);
    }

    /// <summary>Every rank acts; the failure of the lowest rank that fails is thrown on every rank. Collective.</summary>
    internal static void AllAct(Communicator communicator, Action act)
    {
        SoraException? failure = Attempt(act);
        int first = communicator.Allreduce(failure is null ? int.MaxValue : communicator.Rank, ReduceOperation.Min);
        Throw(communicator, failure, first, failed: first != int.MaxValue);
    }

    private static SoraException? Attempt(Action act)
    {
        try
        {
            act();
            return null;
        }
        catch (SoraException failure) when (failure is not CommunicationException)
        {
            return failure;
        }
    }

    private static void Throw(Communicator communicator, SoraException? failure, int root, bool failed)
    {
        if (!failed)
            return;
        string message = communicator.Broadcast(failure?.Message, root);
        throw communicator.Rank == root ? failure! : new Hdf5Exception(message);
    }
}
