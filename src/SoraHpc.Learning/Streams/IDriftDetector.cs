namespace SoraHpc.Learning.Streams;

/// <summary>Watches the numbers of a stream, such as whether a prediction was wrong (1) or right (0), for a change of their mean. Local; the same numbers give the same alarms.</summary>
public interface IDriftDetector
{
    /// <summary>Takes the next number.</summary>
    /// <returns>Whether the mean has changed.</returns>
    bool Add(double value);

    /// <summary>After an alarm: how many of the newest numbers, the last included, came after the change as the detector estimates it; ≥ 1.</summary>
    long SinceChange { get; }

    /// <summary>After an alarm: whether the mean has risen; else it has fallen.</summary>
    bool HasRisen { get; }

    /// <summary>Forgets all numbers.</summary>
    void Reset();
}
