namespace SoraHpc.Communication;

/// <summary>While this rank is within another library that calls MPI by itself: see <see cref="Communicator.EnterForeign"/>. Left by disposing.</summary>
public readonly ref struct ForeignCall
{
    private readonly Communicator? communicator;

    internal ForeignCall(Communicator? communicator) => this.communicator = communicator;

    /// <summary>The rank has come out.</summary>
    public void Dispose() => communicator?.LeaveForeignCore();
}
