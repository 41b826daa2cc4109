using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.Solvers.RandomNumbers;
using SoraHpc.Solvers.Sorting;

namespace SoraHpc.Learning.Data;

/// <summary>Deals rows into parts by random numbers keyed by their number in the whole data set: the same parts for any partition of the rows. Parts have exact
/// sizes: a row's part is where its random number stands among those of all rows, or, stratified, of all rows of its class.</summary>
public sealed class RowSplit
{
    // Streams of a seed: parameters have those from 2⁴⁰ on, orders of samples those from 2⁴⁸ on.
    private const ulong Stream = 1UL << 56;

    private readonly RandomSequence random;
    private readonly double[] classes;
    private readonly ulong[][] limits;

    private RowSplit(RandomSequence random, double[] classes, ulong[][] limits) => (this.random, this.classes, this.limits) = (random, classes, limits);

    /// <summary>Part 0 to train with, part 1 to test with. Collective.</summary>
    /// <param name="ranks">All that have particles.</param>
    /// <param name="particles">This rank's.</param>
    /// <param name="testShare">In (0, 1); the training part gets ⌊(1 − share)·rows⌉ of them, or of every class.</param>
    /// <param name="seed">Of the random numbers.</param>
    /// <param name="stratified">Whether every label gets its share, for labels that are classes.</param>
    public static RowSplit TrainAndTest(Communicator ranks, IEnumerable<DataParticle> particles, double testShare, ulong seed = 1, bool stratified = false) =>
        testShare is > 0 and < 1 ? Deal(ranks, particles, [1 - testShare], seed, stratified)
        : throw new UsageException(FormattableString.Invariant($"a test share of {testShare}: give a number between 0 and 1"));

    /// <summary>Parts for cross-validation, equal to one row, or to one row of every class. Collective.</summary>
    /// <param name="ranks">All that have particles.</param>
    /// <param name="particles">This rank's.</param>
    /// <param name="folds">≥ 2.</param>
    /// <param name="seed">Of the random numbers.</param>
    /// <param name="stratified">Whether every label gets its share in every fold, for labels that are classes.</param>
    public static RowSplit Folds(Communicator ranks, IEnumerable<DataParticle> particles, int folds, ulong seed = 1, bool stratified = false) =>
        folds >= 2 ? Deal(ranks, particles, [.. Enumerable.Range(1, folds - 1).Select(fold => (double)fold / folds)], seed, stratified)
        : throw new UsageException($"{folds} folds: give 2 or more");

    /// <summary>Parts.</summary>
    public int Parts => limits[0].Length + 1;

    /// <summary>The part of a row. Local.</summary>
    /// <param name="row">Its number in the whole data set.</param>
    /// <param name="label">Its label; looked at where the split is stratified.</param>
    /// <exception cref="SoraException">The label is none of those the split was made for.</exception>
    public int PartOf(long row, double label = 0)
    {
        int place = classes.Length == 0 ? 0 : Array.BinarySearch(classes, label);
        if (place < 0)
            throw new SoraException(FormattableString.Invariant($"row {row}: the label {label} is none of the {classes.Length} the split was made for"));
        ulong key = random.BitsAt(row);
        int part = 0;
        while (part < limits[place].Length && key >= limits[place][part])
            part++;
        return part;
    }

    /// <summary>The rows of one part, or, to train on in cross-validation, of all others. Local; particles are cut when they are asked for.</summary>
    public IEnumerable<DataParticle> Select(IEnumerable<DataParticle> particles, int part, bool allOthers = false)
    {
        if ((uint)part >= (uint)Parts)
            throw new UsageException($"part {part} of {Parts}");
        return particles.Select(particle =>
        {
            List<int> places = [];
            for (int i = 0; i < particle.Count; i++)
                if (PartOf(particle.Rows[i], particle.Labels.IsEmpty ? 0 : particle.Labels[i]) == part != allOthers)
                    places.Add(i);
            return particle.SelectRows([.. places]);
        });
    }

    private static RowSplit Deal(Communicator ranks, IEnumerable<DataParticle> particles, double[] shares, ulong seed, bool stratified)
    {
        TableCheck.SameColumns(ranks, particles);
        double[] classes = stratified ? Categories.OfLabels(ranks, particles) : [];
        if (stratified && classes.Length == 0)
            throw new UsageException("a stratified split needs labels, and there are none");
        RandomSequence random = new(seed, Stream);
        List<ulong>[] keys = [.. Enumerable.Range(0, Math.Max(1, classes.Length)).Select(_ => new List<ulong>())];
        foreach (DataParticle particle in particles)
            for (int i = 0; i < particle.Count; i++)
                keys[stratified ? Array.BinarySearch(classes, particle.Labels[i]) : 0].Add(random.BitsAt(particle.Rows[i]));
        return new(random, classes, [.. keys.Select(own => LimitsOf(ranks, own, shares))]);
    }

    private static ulong[] LimitsOf(Communicator ranks, List<ulong> own, double[] shares)
    {
        own.Sort();
        long count = ranks.Allreduce((long)own.Count, ReduceOperation.Sum);
        long[] places = [.. shares.Select(share => (long)Math.Round(share * count, MidpointRounding.AwayFromZero))];
        ulong[] keys = Selection.KeysAt<ulong, UnsignedKey>(ranks, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(own), [.. places.Select(place => Math.Min(place, count - 1))]);
        return [.. keys.Select((key, i) => places[i] < count ? key : ulong.MaxValue)];
    }
}
