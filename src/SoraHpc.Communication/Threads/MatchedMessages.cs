namespace SoraHpc.Communication.Threads;

/// <summary>Messages a rank has taken by a matched probe, each under a number that is good for one receive.</summary>
internal sealed class MatchedMessages
{
    private readonly Dictionary<nint, Transfer> messages = [];
    private nint last;

    internal nint Add(Transfer message)
    {
        messages.Add(++last, message);
        return last;
    }

    /// <summary>The message of this number, which is used up; null when it was received before.</summary>
    internal Transfer? Take(nint number) => messages.Remove(number, out Transfer? message) ? message : null;
}
