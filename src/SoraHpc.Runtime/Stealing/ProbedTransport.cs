using System.Globalization;

namespace SoraHpc.Runtime.Stealing;

/// <summary>How tasks go between the nodes of a pool, and what is known of it before the first steal. The same on all ranks but for <see cref="PollTicks"/>.</summary>
/// <param name="Transport">Never <see cref="StealTransport.Measured"/>.</param>
/// <param name="AccessSeconds">One access to a rank that computes, or one question with its answer; 0 when it was not measured.</param>
/// <param name="PollTicks">What a look for messages costs this rank [ticks of the clock].</param>
internal readonly record struct ProbedTransport(StealTransport Transport, double AccessSeconds, double PollTicks)
{
    /// <summary>Accesses of a steal one after the other: look, claim, get, count.</summary>
    internal const int AccessesPerSteal = 4;

    internal bool NeedsPolls => Transport != StealTransport.Rma;

    internal double StealSeconds => Transport == StealTransport.Messages ? AccessSeconds : AccessesPerSteal * AccessSeconds;

    /// <inheritdoc/>
    public override string ToString()
    {
        if (AccessSeconds == 0)
            return Transport switch { StealTransport.Rma => "RMA, as chosen", StealTransport.PolledRma => "RMA, polled, as chosen", _ => "messages, as chosen" };
        (string name, string what) = Transport switch
        {
            StealTransport.Rma => ("RMA, passive progress", "an access"),
            StealTransport.PolledRma => ("RMA, polled", "an access"),
            _ => ("messages", "a question"),
        };
        return string.Create(CultureInfo.InvariantCulture, $"{name}, {AccessSeconds * 1e6:0.00} µs {what}");
    }
}
