using NUnit.Framework;
using SoraHpc.Communication.Threads;
using SoraHpc.Solvers.Operators;
using SoraHpc.Solvers.Vectors;

namespace SoraHpc.Tests.Solvers;

/// <summary>Rows of every length against their definition, bit by bit.</summary>
public sealed class CsrOperatorTests
{
    private const int Rows = 300;

    [Test]
    public void Row_of_any_length_is_the_sum_of_its_even_and_its_odd_entries([Values(1, 3)] int size)
    {
        Triplet[] entries = Entries();
        ThreadWorld.Run(size, comm =>
        {
            VectorLayout layout = VectorLayout.Even(comm, Rows);
            using CsrOperator matrix = new(layout, [.. entries.Where(entry => entry.Row >= layout.Begin && entry.Row < layout.Begin + layout.LocalLength)]);
            using DistributedVector x = new(layout), y = new(layout);
            for (int i = 0; i < layout.LocalLength; i++)
                x.Local[i] = Value(layout.Begin + i);
            matrix.Apply(x, y);
            for (int i = 0; i < layout.LocalLength; i++)
                Assert.That(y.Local[i], Is.EqualTo(Defined(entries, layout.Begin + i)), $"row {layout.Begin + i}");
        });
    }

    private static double Defined(Triplet[] entries, long row)
    {
        double[] sums = [0, 0];
        foreach ((int at, Triplet entry) in entries.Where(entry => entry.Row == row).OrderBy(entry => entry.Column).Index())
            sums[at % 2] = Math.FusedMultiplyAdd(entry.Value, Value(entry.Column), sums[at % 2]);
        return sums[0] + sums[1];
    }

    // Row i has i mod 41 entries, anywhere.
    private static Triplet[] Entries()
    {
        Random random = new(1);
        return [.. Enumerable.Range(0, Rows).SelectMany(row => Enumerable.Range(0, Rows).OrderBy(_ => random.Next()).Take(row % 41).Select(column => new Triplet(row, column, random.NextDouble() - 0.5)))];
    }

    private static double Value(long row) => Math.Sin(1.3 * row);
}
