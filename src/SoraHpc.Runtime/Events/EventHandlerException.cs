using SoraHpc.Diagnostics;

namespace SoraHpc.Runtime.Events;

/// <summary>A handler of events failed; the cause is the inner exception. All ranks end with it, as for any failure of a rank.</summary>
public sealed class EventHandlerException(string handler, string events, Exception cause)
    : SoraException($"{handler}, the handler of {events} events, failed: {cause.GetType().Name}: {cause.Message.ReplaceLineEndings(" ")}", cause);
