namespace SoraHpc.Storage.Checkpoints;

/// <summary>Elements of an array that are held somewhere, found by their number.</summary>
/// <param name="held">Ranges that do not overlap; where each is, or who has it.</param>
internal sealed class HeldRanges(IEnumerable<(ElementRange Range, nint Where)> held)
{
    private readonly (ElementRange Range, nint Where)[] sorted = [.. held.Where(one => one.Range.Count > 0).OrderBy(one => one.Range.Begin)];

    /// <summary>Cuts a range into pieces each of which lies in one that is held.</summary>
    /// <exception cref="CheckpointException">Some element is not held.</exception>
    internal IEnumerable<(ElementRange Piece, ElementRange In, nint Where)> Split(ElementRange wanted)
    {
        for (long begin = wanted.Begin; begin < wanted.End;)
        {
            (ElementRange range, nint where) = Find(begin);
            long end = Math.Min(wanted.End, range.End);
            yield return (new(begin, end - begin), range, where);
            begin = end;
        }
    }

    private (ElementRange Range, nint Where) Find(long element)
    {
        int low = 0, high = sorted.Length - 1;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = sorted[middle].Range.End > element ? (low, middle) : (middle + 1, high);
        }
        return low < sorted.Length && sorted[low].Range.Begin <= element && element < sorted[low].Range.End ? sorted[low]
            : throw new CheckpointException($"element {element} was not handed over");
    }
}
