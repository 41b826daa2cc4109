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
}
