using System.Text;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;

namespace SoraHpc.Runtime;

/// <summary>Checks that ranks worked out the same thing, each for itself.</summary>
internal static class Agreement
{
    /// <summary>One broadcast of eight bytes. Collective.</summary>
    /// <exception cref="SoraException">On every rank whose number is not rank 0's.</exception>
    internal static void Check(Communicator communicator, ulong fingerprint, string otherwise)
    {
        if (communicator.Broadcast(fingerprint) != fingerprint)
            throw new SoraException(otherwise);
    }

    /// <summary>The root's text on every rank. Collective.</summary>
    internal static string Broadcast(Communicator communicator, string? text, int root)
    {
        byte[] own = Encoding.UTF8.GetBytes(text ?? "");
        int length = communicator.Broadcast(own.Length, root);
        byte[] bytes = communicator.Rank == root ? own : new byte[length];
        communicator.Broadcast<byte>(bytes, root);
        return Encoding.UTF8.GetString(bytes);
    }
}
