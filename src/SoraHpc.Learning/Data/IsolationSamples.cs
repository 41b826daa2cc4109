using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.Solvers.RandomNumbers;

namespace SoraHpc.Learning.Data;

/// <summary>The rows that the trees of a forest are made of, on every rank.</summary>
internal sealed class IsolationSamples
{
    // Streams of a seed, one for each tree: cuts have those from 2⁵⁸ on.
    private const ulong Stream = 1UL << 59;

    private readonly long[][] placesOf;         // of every tree, among all rows in order
    private readonly long[] wanted;             // of all trees, each once, ascending
    private readonly double[] numbers;
    private readonly int columns;

    private IsolationSamples(long[][] placesOf, long[] wanted, double[] numbers, int columns) =>
        (this.placesOf, this.wanted, this.numbers, this.columns) = (placesOf, wanted, numbers, columns);

    /// <summary>Rows of a sample.</summary>
    internal int Size => placesOf[0].Length;

    /// <summary>The rows of a tree's sample, in ascending order.</summary>
    internal double[][] Of(int tree) => [.. placesOf[tree].Select(place => Array.BinarySearch(wanted, place)).Select(at => numbers[(at * columns)..((at + 1) * columns)])];

    /// <summary>Draws rows without putting back, and brings them to every rank: trees × sample × columns × 8 B at most. Collective.</summary>
    internal static IsolationSamples Draw(Communicator ranks, IEnumerable<DataParticle> particles, int[] columns, int trees, int sample, ulong seed)
    {
        long[] counts = ranks.Allgather(particles.Sum(particle => (long)particle.Count));
        long rows = counts.Sum(), before = counts[..ranks.Rank].Sum();
        if (rows < 2)
            throw new SoraException($"an isolation forest sets rows apart, and there {(rows == 1 ? "is 1" : "are none")}: give 2 or more");
        long[][] placesOf = [.. Enumerable.Range(0, trees).Select(tree => Places(new(seed, Stream + (ulong)tree), rows, (int)Math.Min(sample, rows)))];
        long[] wanted = [.. placesOf.SelectMany(each => each).Distinct().Order()];
        List<double> own = [];
        int next = Array.FindIndex(wanted, place => place >= before);
        foreach (DataParticle particle in particles)
        {
            Scaling.CheckFinite(particle, columns, nameof(IsolationForest));
            double[] row = new double[particle.Columns.Count];
            for (; next >= 0 && next < wanted.Length && wanted[next] < before + particle.Count; next++)
            {
                particle.Features.CopyRow((int)(wanted[next] - before), row);
                own.AddRange(columns.Select(column => row[column]));
            }
            before += particle.Count;
        }
        return new(placesOf, wanted, ranks.Allgatherv<double>([.. own]), columns.Length);
    }

    /// <summary>Different places below <paramref name="rows"/>, every set of them as likely as any other.</summary>
    /// <remarks>Source: R. W. Floyd, in Bentley and Floyd, A sample of brilliance, Commun. ACM 30 (1987).</remarks>
    private static long[] Places(RandomSequence random, long rows, int count)
    {
        SortedSet<long> places = [];
        for (long last = rows - count; last < rows; last++)
        {
            long place = (long)Math.BigMul(random.BitsAt(last), (ulong)last + 1, out _);
            places.Add(places.Contains(place) ? last : place);
        }
        return [.. places];
    }
}
