namespace SoraHpc.Communication;

/// <summary>What a receive or probe found. <c>default</c> is the empty status of a null request or a null neighbour.</summary>
/// <param name="Source">Rank that sent it, or <see cref="Communicator.AnySource"/> in an empty status.</param>
/// <param name="Tag">Its tag.</param>
/// <param name="Bytes">Length of the message in bytes.</param>
/// <param name="Cancelled">True when the operation was cancelled before it matched.</param>
public readonly record struct Status(int Source, int Tag, nint Bytes, bool Cancelled = false)
{
    /// <summary>The status of an operation that moved nothing.</summary>
    public static readonly Status Empty = new(Communicator.AnySource, Communicator.AnyTag, 0);

    /// <summary>The message's length in elements of <typeparamref name="T"/>.</summary>
    /// <exception cref="CommunicationException">The length is no multiple of the element's size.</exception>
    public nint Count<T>() where T : unmanaged
    {
        int size = ElementType.Of<T>().Size;
        return Bytes % size == 0 ? Bytes / size : throw new CommunicationException(
            $"a message of {Bytes} B from rank {Source} holds no whole number of {typeof(T).Name} ({size} B each)", "Status.Count", -1, ErrorClass.Truncate);
    }
}
