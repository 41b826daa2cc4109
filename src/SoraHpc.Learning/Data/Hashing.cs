using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.Solvers.RandomNumbers;

namespace SoraHpc.Learning.Data;

/// <summary>Columns of categories, however many they have, become together a given number of columns: a hash of column and category says which of them, and
/// the sign. They come after the columns that stay. Nothing is learnt, so nothing is communicated.</summary>
/// <param name="Buckets">How many, ≥ 1.</param>
/// <param name="Columns">Which; at least one.</param>
/// <remarks>Source: Weinberger, Dasgupta, Langford, Smola and Attenberg, Feature Hashing for Large Scale Multitask Learning, ICML (2009). The hash is <see cref="Philox"/>.</remarks>
public sealed record Hashing(int Buckets, params IReadOnlyList<string> Columns) : Step(Columns)
{
    /// <inheritdoc/>
    public override FittedStep Fit(Communicator ranks, IEnumerable<DataParticle> training)
    {
        if (Buckets < 1 || Columns.Count == 0)
            throw new UsageException($"hashing {Columns.Count} columns into {Buckets}: it needs the names of its columns, and one bucket or more");
        IReadOnlyList<string> table = training.First().Columns;
        return new Fitted(table, PlacesIn(table), Buckets);
    }

    private sealed class Fitted : FittedStep
    {
        private readonly int[] hashed, stay;
        private readonly ulong[] keys;
        private readonly int buckets;
        private readonly double[] numbers;

        internal Fitted(IReadOnlyList<string> table, int[] hashed, int buckets)
            : base(table, [.. table.Where((_, column) => !hashed.Contains(column)), .. Enumerable.Range(0, buckets).Select(bucket => $"hash{bucket}")])
        {
            (this.hashed, this.buckets) = (hashed, buckets);
            stay = [.. Enumerable.Range(0, table.Count).Except(hashed)];
            keys = [.. hashed.Select(column => (ulong)new ContentHash().Add(table[column]).Finish())];
            numbers = [buckets, .. hashed.Select(column => (double)column)];
        }

        protected override ReadOnlySpan<double> Numbers => numbers;

        protected override DataParticle Change(DataParticle particle)
        {
            double[] row = new double[particle.Columns.Count];
            SparseRows rows = new(Output.Count);
            for (int i = 0; i < particle.Count; i++)
            {
                particle.Features.CopyRow(i, row);
                for (int j = 0; j < stay.Length; j++)
                    if (row[stay[j]] != 0)
                        rows.Add(j, row[stay[j]]);
                for (int j = 0; j < hashed.Length; j++)
                    Put(rows, row[hashed[j]], keys[j]);
                rows.EndRow();
            }
            return particle.With(Output, rows.ToFeatures());
        }

        private void Put(SparseRows rows, double value, ulong key)
        {
            ulong bits = BitConverter.DoubleToUInt64Bits(value == 0 ? 0 : value);       // −0 is 0
            (uint choice, uint sign, _, _) = Philox.Block(((uint)bits, (uint)(bits >> 32), 0, 0), key);
            rows.Add(stay.Length + (int)((ulong)choice * (uint)buckets >> 32), (sign & 1) == 0 ? 1 : -1);
        }
    }
}
