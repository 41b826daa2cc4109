using System.Globalization;

namespace SoraHpc.Runtime.Resilience;

/// <summary>
/// What a job tells of its state: values that are where they cannot be, with their places, and sums over all ranks with their bounds. All ranks
/// give the same sums in the same order. After the first look allocates only when something is wrong.
/// </summary>
public sealed class IntegrityChecks
{
    private readonly List<(string Name, double Least, double Most)> sums = [];
    private readonly List<double> own = [0];
    private int next;

    /// <summary>The first value of this rank's that is wrong, in words; null where none is.</summary>
    internal string? Wrong { get; private set; }

    /// <summary>How many are wrong here, then this rank's sums.</summary>
    internal ReadOnlySpan<double> Own => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(own);

    /// <summary>A value is not in its range, or not a number. Local.</summary>
    /// <param name="check">What was looked at: "depth".</param>
    /// <param name="place">Where: "element 12, node 3".</param>
    public void OutOfRange(string check, double value, double least, double most, string place)
    {
        Wrong ??= string.Create(CultureInfo.InvariantCulture, $"{check} {value:G17} at {place} is not in [{least:G6}, {most:G6}]");
        own[0]++;
    }

    /// <summary>A sum over all ranks has to be in a range; it is one of plain additions, so the range leaves room for rounding. Local.</summary>
    /// <param name="term">This rank's part.</param>
    public void Sum(string check, double term, double least, double most)
    {
        if (next == sums.Count)
        {
            sums.Add((check, least, most));
            own.Add(0);
        }
        if (sums[next].Name != check)
            throw new InvalidOperationException($"the sum \"{check}\" comes where \"{sums[next].Name}\" came before: give the same ones in the same order");
        sums[next] = (check, least, most);
        own[++next] = term;
    }

    internal void Begin()
    {
        (Wrong, next) = (null, 0);
        own[0] = 0;
    }

    /// <summary>The first sum that is out of its range, in words; null where none is. The same on every rank.</summary>
    /// <param name="heard">As <see cref="Own"/>, of all ranks.</param>
    internal string? WrongSum(ReadOnlySpan<double> heard)
    {
        for (int i = 0; i < sums.Count; i++)
            if (!(heard[i + 1] >= sums[i].Least && heard[i + 1] <= sums[i].Most))
                return string.Create(CultureInfo.InvariantCulture, $"{sums[i].Name} {heard[i + 1]:G17} over all ranks is not in [{sums[i].Least:G17}, {sums[i].Most:G17}]");
        return null;
    }
}
