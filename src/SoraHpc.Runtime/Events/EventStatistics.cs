namespace SoraHpc.Runtime.Events;

/// <summary>What passed through one rank's loop since it was made.</summary>
/// <param name="Sent">Events sent to other ranks.</param>
/// <param name="Received">Events of other ranks, handled.</param>
/// <param name="Local">Events the rank sent itself, handled; they are no messages.</param>
/// <param name="BatchesSent">Messages that carried <paramref name="Sent"/>.</param>
/// <param name="Waves">Waves of termination detection; at least two a run.</param>
/// <param name="IdleTicks">Time with nothing to do [<see cref="System.Diagnostics.Stopwatch"/> ticks].</param>
public readonly record struct EventStatistics(long Sent, long Received, long Local, long BatchesSent, long Waves, long IdleTicks);
