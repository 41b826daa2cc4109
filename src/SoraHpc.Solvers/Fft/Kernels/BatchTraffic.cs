namespace SoraHpc.Solvers.Fft.Kernels;

/// <summary>How contiguous lines of a batch come from memory and go to it. Changes no number.</summary>
/// <param name="AsksAhead">While a panel is transformed the memory of the next is asked for.</param>
/// <param name="BeyondCache">Results are written past the cache, without reading what was there first.</param>
internal readonly record struct BatchTraffic(bool AsksAhead, bool BeyondCache)
{
    // A quarter of a level-2 cache of 1 MiB: asking costs a tenth where the lines are there already, and saves a third where they are not.
    // Half a level-3 cache of 32 MiB: results of a smaller batch may be found there by whoever reads them next.
    private const long AskedBytes = 1 << 18, BeyondBytes = 1 << 24;

    /// <param name="inputBytes">Of all lines.</param>
    /// <param name="outputBytes">Of all lines.</param>
    internal static BatchTraffic Of(long inputBytes, long outputBytes, bool inPlace) => new(inputBytes > AskedBytes, !inPlace && outputBytes > BeyondBytes);
}
