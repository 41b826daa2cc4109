namespace SoraHpc.Communication.Faults;

/// <summary>One thing that goes wrong, and when. The moment is a count of the rank's own calls, not a time: so it is the same in every run.</summary>
/// <param name="Kind">What goes wrong.</param>
/// <param name="Rank">The rank's number in the world of <paramref name="Generation"/>; a world that has become too small has no such rank, and nothing happens.</param>
/// <param name="Call">At the rank's n-th call in that world, n ≥ 1, of those that send, receive, combine or make something (a test or a wait
/// is none); or <see cref="OnRecovery"/>.</param>
/// <param name="Generation">The world it happens in: 0 for the first, 1 after one recovery.</param>
/// <param name="Amount">≥ 1. Of a death: how many ranks die at once, this one and those after it, wherever they are. Of a delay: how many
/// turns of others, or ms where ranks take no turns. Of a loss and a corruption: how often, the repetitions of the message included.</param>
public sealed record Fault(FaultKind Kind, int Rank, long Call, int Generation = 0, int Amount = 1)
{
    /// <summary>In place of a call: when the rank has left what it did and is on its way to the next world.</summary>
    public const long OnRecovery = 0;

    /// <inheritdoc cref="Fault" path="/param[@name='Rank']"/>
    public int Rank { get; } = Rank >= 0 ? Rank : throw new ArgumentOutOfRangeException(nameof(Rank));

    /// <inheritdoc cref="Fault" path="/param[@name='Call']"/>
    public long Call { get; } = Call >= 0 ? Call : throw new ArgumentOutOfRangeException(nameof(Call));

    /// <inheritdoc cref="Fault" path="/param[@name='Amount']"/>
    public int Amount { get; } = Amount >= 1 ? Amount : throw new ArgumentOutOfRangeException(nameof(Amount));

    /// <summary>"Death of rank 2 at its call 57 of world 0".</summary>
    public override string ToString() =>
        $"{Kind}{(Amount > 1 ? $" × {Amount}" : "")} of rank {Rank} {(Call == OnRecovery ? "on recovery from" : $"at call {Call} of")} world {Generation}";
}
