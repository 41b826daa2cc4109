using System.Text;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;

namespace SoraHpc.Storage.Hdf5;

/// <summary>One rank's described failure becomes every rank's, so that none waits for a partner that has given up.</summary>
/// <remarks>Only a <see cref="SoraException"/> travels. A defect ends its rank and with it the world.</remarks>
internal static class Agreement
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

    /// <summary>The root's text on every rank. Collective.</summary>
    internal static string Broadcast(Communicator communicator, string? text, int root = 0)
    {
        byte[] bytes = communicator.Rank == root ? Encoding.UTF8.GetBytes(text ?? "") : [];
        int length = communicator.Broadcast(bytes.Length, root);
        if (communicator.Rank != root)
            bytes = new byte[length];
        communicator.Broadcast(bytes.AsSpan(), root);
        return Encoding.UTF8.GetString(bytes);
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
        string message = Broadcast(communicator, failure?.Message, root);
        throw communicator.Rank == root ? failure! : new Hdf5Exception(message);
    }
}
