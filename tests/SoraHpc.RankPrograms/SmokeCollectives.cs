using System.Numerics;
using SoraHpc.Communication;
using static SoraHpc.RankPrograms.Smoke;

namespace SoraHpc.RankPrograms;

internal static class SmokeCollectives
{
    private static double[] Share(int rank, int n) => [.. Enumerable.Range(0, n).Select(i => 10.0 * rank + i)];

    private static double[] Whole(int size, int n) => [.. Enumerable.Range(0, size).SelectMany(r => Share(r, n))];

    private static bool IsSum(double[] sum, int ranks) => sum.Select((x, i) => x == 10.0 * ranks * (ranks - 1) / 2 + ranks * i).All(ok => ok);

    internal static void Blocking(Communicator comm, int n)
    {
        int size = comm.Size, rank = comm.Rank;
        double[] mine = Share(rank, n), expected = Whole(size, n), all = new double[n * size], share = new double[n];
        for (int root = 0; root < size; root++)
        {
            double[] copy = rank == root ? Share(root, n) : new double[n];
            comm.Broadcast<double>(copy, root);
            Expect(copy.SequenceEqual(Share(root, n)));
            double[] gathered = rank == root ? new double[n * size] : [];
            comm.Gather<double>(mine, gathered, root);
            Expect(rank != root || gathered.SequenceEqual(expected));
            comm.Scatter<double>(gathered, share, root);
            Expect(share.SequenceEqual(mine));
            double[] inPlace = rank == root ? new double[n * size] : [.. mine];
            if (rank == root)
                mine.CopyTo(inPlace, rank * n);
            comm.GatherInPlace<double>(inPlace, root);
            Expect(rank != root || inPlace.SequenceEqual(expected));
            comm.ScatterInPlace<double>(inPlace, root);
            Expect(rank == root || inPlace.SequenceEqual(mine));
            double[] sum = rank == root ? new double[n] : [];
            comm.Reduce<double>(mine, sum, ReduceOperation.Sum, root);
            Expect(rank != root || IsSum(sum, size));
            double[] reduced = [.. mine];
            comm.Reduce<double>(reduced, ReduceOperation.Sum, root);
            Expect(rank != root || IsSum(reduced, size));
        }
        comm.Allgather<double>(mine, all);
        Expect(all.SequenceEqual(expected));
        double[] turned = new double[n * size], same = [.. all];
        comm.Alltoall<double>(all, turned);
        comm.Alltoall<double>(same);
        Expect(turned.Select((x, i) => x == 10.0 * rank + i % n).All(ok => ok) && turned.SequenceEqual(same));
        double[] prefix = [.. mine], before = new double[n], block = new double[n];
        comm.Scan<double>(prefix, ReduceOperation.Sum);
        Expect(IsSum(prefix, rank + 1));
        comm.Exscan<double>(mine, before, ReduceOperation.Sum);
        Expect(rank == 0 || IsSum(before, rank));
        comm.ReduceScatter<double>(all, block, ReduceOperation.Sum);
        Expect(block.Select((x, i) => x == size * (10.0 * rank + i)).All(ok => ok));
    }

    internal static void Started(Communicator comm, int n)
    {
        int size = comm.Size, rank = comm.Rank;
        double[] mine = Share(rank, n), expected = Whole(size, n);
        double[] sum = new double[n], prefix = new double[n], before = new double[n], total = new double[n], block = new double[n], share = new double[n];
        double[] all = new double[n * size], gathered = new double[n * size], turned = new double[n * size], copy = rank == 0 ? Share(0, n) : new double[n];
        Request[] requests =
        [
            comm.StartBarrier(), comm.StartBroadcast<double>(copy), comm.StartGather<double>(mine, gathered, size - 1),
            comm.StartScatter<double>(expected, share), comm.StartAllgather<double>(mine, all), comm.StartAlltoall<double>(expected, turned),
            comm.StartReduce<double>(mine, sum, ReduceOperation.Sum, size - 1), comm.StartAllreduce<double>(mine, total, ReduceOperation.Sum),
            comm.StartScan<double>(mine, prefix, ReduceOperation.Sum), comm.StartExscan<double>(mine, before, ReduceOperation.Sum),
            comm.StartReduceScatter<double>(expected, block, ReduceOperation.Sum), default,
        ];
        Request.WaitAll(requests);
        Expect(requests.All(request => !request.IsActive) && requests[0].Wait() == Status.Empty);
        Expect(copy.SequenceEqual(Share(0, n)) && share.SequenceEqual(mine) && all.SequenceEqual(expected));
        Expect(rank != size - 1 || gathered.SequenceEqual(expected) && IsSum(sum, size));
        Expect(IsSum(total, size) && IsSum(prefix, rank + 1) && (rank == 0 || IsSum(before, rank)));
        Expect(turned.Select((x, i) => x == 10.0 * rank + i % n).All(ok => ok));
        Expect(block.Select((x, i) => x == size * (10.0 * rank + i)).All(ok => ok));
    }

    // Rank r has r + 1 elements of value r (a triangle), rank 0 of alltoallv sends nothing to itself.
    internal static void Vectors(Communicator comm)
    {
        int size = comm.Size, rank = comm.Rank;
        int[] counts = [.. Enumerable.Range(1, size)], mine = [.. Enumerable.Repeat(rank, rank + 1)];
        int[] expected = [.. Enumerable.Range(0, size).SelectMany(r => Enumerable.Repeat(r, r + 1))];
        Expect(comm.Allgatherv<int>(mine).SequenceEqual(expected));
        for (int root = 0; root < size; root++)
        {
            Expect(comm.Gatherv<int>(mine, root).SequenceEqual(rank == root ? expected : []));
            int[] share = new int[rank + 1];
            comm.Scatterv<int>(rank == root ? expected : [], rank == root ? counts : [], share, root);
            Expect(share.SequenceEqual(mine));
        }
        int[] ones = [.. Enumerable.Repeat(1, counts.Sum())], sums = new int[rank + 1];
        comm.ReduceScatterv<int>(ones, sums, counts, ReduceOperation.Sum);
        Expect(sums.All(sum => sum == size));
        // Rank r sends r · s elements to rank s, so rank r receives s · r from s.
        int[] exchange = [.. Enumerable.Range(0, size).Select(s => rank * s)];
        long[] send = [.. exchange.SelectMany((n, s) => Enumerable.Repeat(100L * rank + s, n))];
        long[] receive = new long[exchange.Sum()], later = new long[exchange.Sum()];
        comm.Alltoallv<long>(send, exchange, receive, exchange);
        Request started = comm.StartAlltoallv<long>(send, exchange, later, exchange);
        started.Wait();
        Expect(receive.SequenceEqual(exchange.SelectMany((n, s) => Enumerable.Repeat(100L * s + rank, n))) && later.SequenceEqual(receive));
    }

    internal static void Reductions(Communicator comm)
    {
        int size = comm.Size, rank = comm.Rank;
        Typed<sbyte>(comm);
        Typed<byte>(comm);
        Typed<short>(comm);
        Typed<ushort>(comm);
        Typed<int>(comm);
        Typed<uint>(comm);
        Typed<long>(comm);
        Typed<ulong>(comm);
        Typed<float>(comm);
        Typed<double>(comm);
        Expect(comm.Allreduce(new Complex(rank, 1), ReduceOperation.Product) ==
            Enumerable.Range(0, size).Aggregate(Complex.One, (product, r) => product * new Complex(r, 1)));
        Expect(comm.Allreduce(rank == 0, ReduceOperation.LogicalOr) && comm.Allreduce(rank == 0, ReduceOperation.LogicalAnd) == (size == 1));
        Expect(comm.Allreduce(rank == 0, ReduceOperation.LogicalXor));
        Expect(comm.Allreduce(1 << rank, ReduceOperation.BitwiseOr) == (1 << size) - 1 && comm.Allreduce(3, ReduceOperation.BitwiseAnd) == 3);
        Expect(comm.Allreduce(1 << rank, ReduceOperation.BitwiseXor) == (1 << size) - 1);
        Expect(comm.Allreduce(new Located<double>(-rank, rank), ReduceOperation.MinLocation) == new Located<double>(1 - size, size - 1));
        Expect(comm.Allreduce(new Located<float>(7, rank), ReduceOperation.MaxLocation) == new Located<float>(7, 0));
        Expect(comm.Allreduce(new Located<int>(rank, rank), ReduceOperation.MaxLocation) == new Located<int>(size - 1, size - 1));
        // Affine maps x → a x + b under composition: associative, not commutative; the struct has padding.
        ReduceOperation compose = ReduceOperation.Create<Affine>((f, g) => new(f.A * g.A, f.B * g.A + g.B), commutative: false);
        Affine expected = Enumerable.Range(0, size).Select(r => new Affine(2, (byte)r)).Aggregate((f, g) => new(f.A * g.A, f.B * g.A + g.B));
        Affine[] maps = [.. Enumerable.Repeat(new Affine(2, rank), 100)], composed = new Affine[100];
        comm.Allreduce<Affine>(maps, composed, compose);
        Expect(composed.All(map => map == expected));
        ReduceOperation largest = ReduceOperation.Create<double>((left, right) => Math.Max(left, right));
        Expect(comm.Allreduce((double)rank, largest) == size - 1 && comm.Scan((double)rank, largest) == rank);
    }

    private readonly record struct Affine(int A, double B);

    private static void Typed<T>(Communicator comm) where T : unmanaged, INumber<T>
    {
        int size = comm.Size;
        T rank = T.CreateChecked(comm.Rank), one = T.One;
        Expect(comm.Allreduce(rank, ReduceOperation.Sum) == T.CreateChecked(size * (size - 1) / 2));
        Expect(comm.Allreduce(rank + one, ReduceOperation.Product) == T.CreateChecked(Enumerable.Range(1, size).Aggregate(1, (a, b) => a * b)));
        Expect(comm.Allreduce(rank, ReduceOperation.Max) == T.CreateChecked(size - 1) && comm.Allreduce(rank, ReduceOperation.Min) == T.Zero);
    }
}
