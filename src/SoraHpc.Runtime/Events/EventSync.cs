using SoraHpc.Runtime.Synchronization;

namespace SoraHpc.Runtime.Events;

/// <summary>
/// Ranks meet nobody between steps: a step sends events until all ranks are quiet (<see cref="EventLoop{TEvent, THandler}"/>), and when
/// it returns they agree that it is over. A job that offers both looks at its protocol to decide what one step is.
/// </summary>
/// <param name="options">How events travel.</param>
public sealed class EventSync(EventLoopOptions? options = null) : ISyncProtocol
{
    /// <summary>For the loop that the job makes.</summary>
    public EventLoopOptions Options { get; } = options ?? new EventLoopOptions();

    /// <inheritdoc/>
    public void AfterStep(SyncPoint point) { }

    /// <inheritdoc/>
    public override string ToString() => "by events";
}
