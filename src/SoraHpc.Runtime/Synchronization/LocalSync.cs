namespace SoraHpc.Runtime.Synchronization;

/// <summary>Ranks meet their neighbours only, in the step's halo exchange: a slow rank is felt one block further every step.</summary>
public sealed class LocalSync : ISyncProtocol
{
    /// <inheritdoc/>
    public void AfterStep(SyncPoint point) { }

    /// <inheritdoc/>
    public override string ToString() => "local, neighbours only";
}
