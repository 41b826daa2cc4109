using System.Runtime.CompilerServices;
using SoraHpc.Communication;

namespace SoraHpc.RankPrograms;

/// <summary>One pass through every operation of a communicator with its result checked against a closed form.</summary>
internal static class Smoke
{
    internal static void Run(Communicator comm)
    {
        Collectives(comm, 5);
        Collectives(comm, 0);
        if (comm.IsRoot)
            Console.WriteLine("smoke passed");
    }

    private static void Collectives(Communicator comm, int n)
    {
        int size = comm.Size, rank = comm.Rank;
        double[] mine = Enumerable.Range(0, n).Select(i => 10.0 * rank + i).ToArray();
        double[] all = new double[n * size], expected = Enumerable.Range(0, n * size).Select(i => 10.0 * (i / n) + i % n).ToArray();
        for (int root = 0; root < size; root++)
        {
            double[] copy = rank == root ? [.. mine] : new double[n];
            comm.Broadcast<double>(copy, root);
            Expect(copy.SequenceEqual(mine.Select(x => x - 10.0 * rank + 10.0 * root)));
            Array.Clear(all);
            comm.Gather<double>(mine, all, root);
            Expect(rank != root || all.SequenceEqual(expected));
            double[] share = new double[n];
            comm.Scatter<double>(all, share, root);
            Expect(share.SequenceEqual(mine));
            double[] sum = new double[n];
            comm.Reduce<double>(mine, sum, ReduceOperation.Sum, root);
            Expect(rank != root || sum.Select((x, i) => x == 10.0 * size * (size - 1) / 2 + size * i).All(ok => ok));
        }
        comm.Allgather<double>(mine, all);
        Expect(all.SequenceEqual(expected));
        double[] turned = new double[n * size];
        comm.Alltoall<double>(all, turned);
        Expect(turned.Select((x, i) => x == 10.0 * rank + i % n).All(ok => ok));
        double[] prefix = [.. mine];
        comm.Scan<double>(prefix, ReduceOperation.Sum);
        Expect(prefix.Select((x, i) => x == 10.0 * rank * (rank + 1) / 2 + (rank + 1) * i).All(ok => ok));
    }

    internal static void Expect(bool condition, [CallerArgumentExpression(nameof(condition))] string what = "", [CallerLineNumber] int line = 0)
    {
        if (!condition)
            throw new InvalidOperationException($"line {line}: {what}");
    }
}
