namespace SoraHpc.Communication;

/// <summary>Other ranks have died. Comes out of every call that waits, on every communicator of the world, whoever is in it; let it come
/// out of the body, and the body is called again on a new world.</summary>
/// <param name="failed">Their numbers in the world that has ended with them, ascending.</param>
/// <param name="call">The operation that was broken off.</param>
/// <param name="rank">The world rank it was broken off on.</param>
public sealed class RankFailureException(IReadOnlyList<int> failed, string call, int rank)
    : CommunicationException($"rank{(failed.Count == 1 ? "" : "s")} {string.Join(", ", failed)} died", call, rank, ErrorClass.ProcessFailed)
{
    /// <summary>World ranks that have died, ascending; never empty.</summary>
    public IReadOnlyList<int> Failed { get; } = failed;

    /// <summary>The death of ranks that made the body fail, itself or as a cause; null when it failed for another reason.</summary>
    internal static RankFailureException? CauseOf(Exception? failure) => failure switch
    {
        null => null,
        RankFailureException death => death,
        AggregateException several => several.InnerExceptions.Select(CauseOf).FirstOrDefault(cause => cause is not null),
        _ => CauseOf(failure.InnerException),
    };
}
