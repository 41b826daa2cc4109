using SoraHpc.Diagnostics;

namespace SoraHpc.Learning.Streams;

/// <summary>The newest numbers of a stream and what they are like, kept while numbers come and go. Nothing is ever taken out of a sum, so that rounding errors of numbers that have
/// left do not stay: numbers that came lately are summed as they come, and older ones from the newest to the oldest, when the last of their elders leaves. Local.</summary>
/// <remarks>Source: two stacks as in Tangwongsan, Hirzel and Schneider, Low-latency sliding-window aggregation in worst-case constant time, DEBS 2017.</remarks>
/// <param name="isSorted">Whether quantiles are wanted.</param>
// A number in and out: two combinations, 4 divisions at most; where it is sorted also two searches and a move of half the window on average, 4 kB of a thousand numbers.
public sealed class SlidingWindow(bool isSorted)
{
    private double[] positions = new double[16], values = new double[16], sorted = new double[isSorted ? 16 : 0];
    private Moments[] olderFrom = new Moments[16];          // of the numbers from here up to the turn
    private Moments newer = Moments.None;
    private long head, turn, tail;                          // places in the rings, which are powers of two long

    /// <summary>Numbers in it.</summary>
    public int Count => (int)(tail - head);

    /// <summary>Of the numbers in it.</summary>
    public Moments Moments => head < turn ? Moments.Combine(olderFrom[head & Mask], newer) : newer;

    private long Mask => values.Length - 1;

    /// <summary>Takes the next number.</summary>
    /// <param name="position">Where it stands in the stream, such as its row or time; not before the last one's.</param>
    /// <param name="value">Finite.</param>
    public void Push(double position, double value)
    {
        if (!double.IsFinite(value) || !double.IsFinite(position) || Count > 0 && position < positions[tail - 1 & Mask])
            throw new SoraException(FormattableString.Invariant($"{value} at {position} cannot come next: numbers of a stream are finite, and in the order of their positions"));
        if (Count == values.Length)
            Grow();
        if (isSorted)
            Insert(value);
        (positions[tail & Mask], values[tail & Mask]) = (position, value);
        newer = Moments.Combine(newer, Moments.Of(value));
        tail++;
    }

    /// <summary>Lets go of the numbers before a position.</summary>
    public void LeaveBefore(double position)
    {
        while (head < tail && positions[head & Mask] < position)
        {
            if (head == turn)
                Turn();
            if (isSorted)
                Remove(values[head & Mask]);
            head++;
        }
    }

    /// <summary>A quantile of the numbers in it, by linear interpolation between the two nearest of the sorted ones; NaN where there are none.</summary>
    /// <param name="share">In [0, 1].</param>
    public double Quantile(double share)
    {
        if (!isSorted || share is not (>= 0 and <= 1))
            throw new UsageException(FormattableString.Invariant($"the quantile of {share} of a window {(isSorted ? "" : "that is not sorted")}: give a share in [0, 1] and a sorted window"));
        if (Count == 0)
            return double.NaN;
        double place = share * (Count - 1);
        (double low, double high) = (sorted[(int)place], sorted[Math.Min((int)place + 1, Count - 1)]);
        return low == high ? low : low + (place - (int)place) * (high - low);
    }

    private void Turn()
    {
        Moments all = Moments.None;
        for (long i = tail - 1; i >= head; i--)
            olderFrom[i & Mask] = all = Moments.Combine(Moments.Of(values[i & Mask]), all);
        (turn, newer) = (tail, Moments.None);
    }

    private void Insert(double value)
    {
        int place = Array.BinarySearch(sorted, 0, Count, value);
        place = place < 0 ? ~place : place;
        Array.Copy(sorted, place, sorted, place + 1, Count - place);
        sorted[place] = value;
    }

    private void Remove(double value)
    {
        int place = Array.BinarySearch(sorted, 0, Count, value);
        Array.Copy(sorted, place + 1, sorted, place, Count - place - 1);
    }

    private void Grow()
    {
        (double[] positions, double[] values, Moments[] olderFrom) grown = (new double[2 * Count], new double[2 * Count], new Moments[2 * Count]);
        for (long i = head; i < tail; i++)
        {
            long to = i & grown.values.Length - 1;
            (grown.positions[to], grown.values[to], grown.olderFrom[to]) = (positions[i & Mask], values[i & Mask], olderFrom[i & Mask]);
        }
        if (isSorted)
            Array.Resize(ref sorted, grown.values.Length);
        (positions, values, olderFrom) = grown;
    }
}
