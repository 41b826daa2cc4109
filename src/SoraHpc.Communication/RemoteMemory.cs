namespace SoraHpc.Communication;

/// <summary>Names memory that a rank has attached to a <see cref="DynamicWindow"/>. Blittable: other ranks get it in a message, a gather or a broadcast.</summary>
/// <param name="Rank">Whose memory it is, in the window's communicator.</param>
/// <param name="Address">Of the first element, in that rank's address space.</param>
/// <param name="Length">Elements.</param>
public readonly record struct RemoteMemory<T>(int Rank, long Address, int Length) where T : unmanaged;
