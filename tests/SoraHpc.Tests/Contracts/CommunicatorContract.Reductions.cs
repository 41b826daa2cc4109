using System.Numerics;
using NUnit.Framework;
using SoraHpc.Communication;

namespace SoraHpc.Tests.Contracts;

public abstract partial class CommunicatorContract
{
    [Test]
    public void Reductions_of_integers_match_a_plain_fold([Sizes] int size) => OnEveryRank(size, comm =>
    {
        Integers(comm, i => (sbyte)(i * 37 - 50));
        Integers(comm, i => (byte)(i * 37));
        Integers(comm, i => (short)(i * 3701 - 5000));
        Integers(comm, i => (ushort)(i * 3701));
        Integers(comm, i => i * 370_100_003 - 5);
        Integers(comm, i => (uint)i * 370_100_003u);
        Integers(comm, i => i * 370_100_003_370_100_003L - 7);
        Integers(comm, i => (ulong)i * 370_100_003_370_100_003UL);
    });

    [Test]
    public void Reductions_of_floating_numbers_match_a_plain_fold([Sizes] int size) => OnEveryRank(size, comm =>
    {
        // Small whole numbers and powers of two: exact in any order, so that equality is exact for every transport.
        Arithmetic(comm, i => (float)(i % 5 - 2));
        Arithmetic(comm, i => (double)(i % 7 - 3));
        Extremes(comm, i => (float)(i % 5 - 2));
        Extremes(comm, i => i % 7 - 3.5);
        Fold(comm, i => new Complex(i % 3, -i % 2), ReduceOperation.Sum, (a, b) => a + b);
        Fold(comm, i => new Complex(i % 3, -i % 2), ReduceOperation.Product, (a, b) => a * b);
    });

    [Test]
    public void Reductions_of_booleans_and_locations_match_a_plain_fold([Sizes] int size) => OnEveryRank(size, comm =>
    {
        Fold(comm, i => i % 3 != 0, ReduceOperation.LogicalAnd, (a, b) => a && b);
        Fold(comm, i => i % 3 == 0, ReduceOperation.LogicalOr, (a, b) => a || b);
        Fold(comm, i => i % 3 == 0, ReduceOperation.LogicalXor, (a, b) => a ^ b);
        Locations(comm, i => (double)(i * 7 % 5));
        Locations(comm, i => (float)(i * 7 % 5));
        Locations(comm, i => i * 7 % 5);
    });

    [Test]
    public void Reduction_of_many_elements_matches_in_every_element([Pairs] int size) => OnEveryRank(size, comm =>
    {
        const int Length = 100_003;
        long[] mine = Fill(Length, i => (long)i * (comm.Rank + 1)), sum = new long[Length];
        comm.Allreduce<long>(mine, sum, ReduceOperation.Sum);
        long factor = comm.Size * (comm.Size + 1) / 2;
        Assert.That(sum.AsSpan().SequenceEqual(Fill(Length, i => i * factor)), Is.True);
        comm.Reduce<long>(mine, ReduceOperation.Max, comm.Size - 1);
        if (comm.Rank == comm.Size - 1)
            Assert.That(mine.AsSpan().SequenceEqual(Fill(Length, i => (long)i * comm.Size)), Is.True);
    });

    [Test]
    public void User_operation_on_a_struct_is_applied_in_rank_order_when_not_commutative([Sizes] int size) => OnEveryRank(size, comm =>
    {
        // 2 × 2 matrix product: associative, not commutative.
        var product = ReduceOperation.Create<Matrix>((a, b) => a * b, commutative: false);
        Matrix Of(int rank) => new(1, rank + 1, rank % 2, 1);
        Matrix Through(int rank) => Enumerable.Range(0, rank + 1).Select(Of).Aggregate((a, b) => a * b);
        Assert.That(comm.Allreduce(Of(comm.Rank), product), Is.EqualTo(Through(comm.Size - 1)));
        Matrix[] prefix = [Of(comm.Rank)], before = [Of(comm.Rank)];
        comm.Scan<Matrix>(prefix, product);
        Assert.That(prefix[0], Is.EqualTo(Through(comm.Rank)));
        comm.Exscan<Matrix>(before, product);
        if (comm.Rank > 0)
            Assert.That(before[0], Is.EqualTo(Through(comm.Rank - 1)));
        for (int root = 0; root < comm.Size; root++)
        {
            Matrix reduced = comm.Reduce(Of(comm.Rank), product, root);
            if (comm.Rank == root)
                Assert.That(reduced, Is.EqualTo(Through(comm.Size - 1)));
        }
    });

    [Test]
    public void User_operation_on_numbers_works_in_element_and_in_vector_form([Sizes] int size) => OnEveryRank(size, comm =>
    {
        Fold(comm, i => i * 31, ReduceOperation.Create<int>((a, b) => a ^ (b + 0)), (a, b) => a ^ b);
        Combine<double> larger = (left, right) =>
        {
            for (int i = 0; i < right.Length; i++)
                right[i] = Math.Max(Math.Abs(left[i]), Math.Abs(right[i]));
        };
        Fold(comm, i => (double)(i % 2 == 0 ? -i : i), ReduceOperation.Create(larger), (a, b) => Math.Max(Math.Abs(a), Math.Abs(b)), alone: false);
    });

    /// <summary>Row-major 2 × 2 matrix.</summary>
    private record struct Matrix(long A, long B, long C, long D)
    {
        public static Matrix operator *(Matrix x, Matrix y) =>
            new(x.A * y.A + x.B * y.C, x.A * y.B + x.B * y.D, x.C * y.A + x.D * y.C, x.C * y.B + x.D * y.D);
    }

    private static void Integers<T>(Communicator comm, Func<int, T> element) where T : unmanaged, IBinaryInteger<T>
    {
        static T Truth(bool value) => value ? T.One : T.Zero;
        // Sums and products stay in range: what an overflow gives is the library's choice (Open MPI's vector code saturates).
        Arithmetic(comm, i => i % 3 == 0 ? T.One + T.One : T.One);
        Extremes(comm, element);
        Fold(comm, element, ReduceOperation.BitwiseAnd, (a, b) => a & b);
        Fold(comm, element, ReduceOperation.BitwiseOr, (a, b) => a | b);
        Fold(comm, element, ReduceOperation.BitwiseXor, (a, b) => a ^ b);
        T Logical(int i) => Truth(i % 3 != 0);
        Fold(comm, Logical, ReduceOperation.LogicalAnd, (a, b) => Truth(a != T.Zero && b != T.Zero));
        Fold(comm, Logical, ReduceOperation.LogicalOr, (a, b) => Truth(a != T.Zero || b != T.Zero));
        Fold(comm, Logical, ReduceOperation.LogicalXor, (a, b) => Truth(a != T.Zero ^ b != T.Zero));
    }

    private static void Arithmetic<T>(Communicator comm, Func<int, T> element) where T : unmanaged, INumber<T>
    {
        Fold(comm, element, ReduceOperation.Sum, (a, b) => a + b);
        Fold(comm, element, ReduceOperation.Product, (a, b) => a * b);
    }

    private static void Extremes<T>(Communicator comm, Func<int, T> element) where T : unmanaged, INumber<T>
    {
        Fold(comm, element, ReduceOperation.Min, T.Min);
        Fold(comm, element, ReduceOperation.Max, T.Max);
    }

    private static void Locations<T>(Communicator comm, Func<int, T> value) where T : unmanaged, INumber<T>
    {
        Located<T> At(int i) => new(value(i), i);
        Fold(comm, At, ReduceOperation.MinLocation, (a, b) => b.Value < a.Value || b.Value == a.Value && b.Location < a.Location ? b : a);
        Fold(comm, At, ReduceOperation.MaxLocation, (a, b) => b.Value > a.Value || b.Value == a.Value && b.Location < a.Location ? b : a);
    }

    /// <summary>Every reducing collective with this operation against a plain fold; 37 elements: vector body and tail.</summary>
    /// <param name="alone">False when the operation changes an operand that is alone.</param>
    private static void Fold<T>(Communicator comm, Func<int, T> element, ReduceOperation operation, Func<T, T, T> plain, bool alone = true) where T : unmanaged
    {
        if (comm.Size == 1 && !alone)
            return;
        const int Length = 37;
        T At(int rank, int i) => element(rank * 5 + i);
        T[] Through(int rank) => Fill(Length, i => Enumerable.Range(0, rank + 1).Select(r => At(r, i)).Aggregate(plain));
        T[] Mine() => Fill(Length, i => At(comm.Rank, i));
        T[] total = Through(comm.Size - 1), result = new T[Length], data = Mine();
        string what = $"{operation} of {typeof(T).Name}";

        comm.Allreduce<T>(data, result, operation);
        Assert.That(result, Is.EqualTo(total).AsCollection, $"allreduce, {what}");
        comm.Allreduce<T>(data, operation);
        Assert.That(data, Is.EqualTo(total).AsCollection, $"allreduce in place, {what}");
        for (int root = 0; root < comm.Size; root++)
        {
            comm.Reduce<T>(Mine(), result = new T[comm.Rank == root ? Length : 0], operation, root);
            Assert.That(result, Is.EqualTo(comm.Rank == root ? total : []).AsCollection, $"reduce, {what}");
            comm.Reduce<T>(data = Mine(), operation, root);
            Assert.That(data, Is.EqualTo(comm.Rank == root ? total : Mine()).AsCollection, $"reduce in place, {what}");
        }
        if (alone)
            Prefixes(comm, operation, Mine, Through, what);
        Scattered(comm, At, operation, plain, what);
    }

    private static void Prefixes<T>(Communicator comm, ReduceOperation operation, Func<T[]> mine, Func<int, T[]> through, string what) where T : unmanaged
    {
        T[] data = mine(), result = new T[data.Length];
        comm.Scan<T>(data, result, operation);
        Assert.That(result, Is.EqualTo(through(comm.Rank)).AsCollection, $"scan, {what}");
        comm.Scan<T>(data, operation);
        Assert.That(data, Is.EqualTo(through(comm.Rank)).AsCollection, $"scan in place, {what}");
        comm.Exscan<T>(mine(), result, operation);
        comm.Exscan<T>(data = mine(), operation);
        if (comm.Rank == 0)
            return;
        Assert.That(result, Is.EqualTo(through(comm.Rank - 1)).AsCollection, $"exscan, {what}");
        Assert.That(data, Is.EqualTo(through(comm.Rank - 1)).AsCollection, $"exscan in place, {what}");
    }

    private static void Scattered<T>(Communicator comm, Func<int, int, T> at, ReduceOperation operation, Func<T, T, T> plain, string what) where T : unmanaged
    {
        T Total(int i) => Enumerable.Range(0, comm.Size).Select(r => at(r, i)).Aggregate(plain);
        T[] block = new T[2];
        comm.ReduceScatter<T>(Fill(2 * comm.Size, i => at(comm.Rank, i)), block, operation);
        Assert.That(block, Is.EqualTo(Fill(2, i => Total(2 * comm.Rank + i))).AsCollection, $"reduce-scatter, {what}");
        int[] counts = Fill(comm.Size, r => r % 3);
        int before = counts[..comm.Rank].Sum();
        T[] uneven = new T[counts[comm.Rank]];
        comm.ReduceScatterv<T>(Fill(counts.Sum(), i => at(comm.Rank, i)), uneven, counts, operation);
        Assert.That(uneven, Is.EqualTo(Fill(uneven.Length, i => Total(before + i))).AsCollection, $"uneven reduce-scatter, {what}");
    }
}
