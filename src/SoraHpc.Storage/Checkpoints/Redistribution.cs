using SoraHpc.Communication;
using SoraHpc.Storage.Hdf5;

namespace SoraHpc.Storage.Checkpoints;

/// <summary>Moves one array between the job's cut of it and the shares in which it lies in the file. Collective.</summary>
/// <remarks>Every byte is read once and written once where it stays on its rank, and once more on either side where it crosses ranks;
/// those go in rounds of a few MiB a pair, so that the messages stay in cache and memory does not grow with the array.</remarks>
internal sealed unsafe class Redistribution
{
    private const int LargestRound = 4 << 20, SmallestRound = 64 << 10, AllRounds = 64 << 20;
    private readonly Communicator communicator;
    private readonly SectionPlan plan;
    private readonly int array;
    private readonly ByteStream[] mine, inShare;

    /// <param name="runs">This rank's elements in the job's memory, inside the array.</param>
    /// <param name="share">This rank's share of the file.</param>
    /// <param name="mustCover">Every element has to be in one run of one rank and no more.</param>
    /// <exception cref="CheckpointException">It is not so; on every rank.</exception>
    internal Redistribution(Communicator communicator, SectionPlan plan, int array, IReadOnlyList<Run> runs, byte* share, bool mustCover)
    {
        (this.communicator, this.plan, this.array) = (communicator, plan, array);
        (mine, inShare) = (Streams(communicator.Size), Streams(communicator.Size));
        List<ElementRange>[] wanted = SplitByOwner(runs);
        ElementRange[] known = Exchange(communicator, wanted, out int[] counts);
        if (mustCover)
            SharedFailure.AllAct(communicator, () => CheckCover(known));
        long bytes = plan.Arrays[array].ElementBytes, first = plan.Interval(array, communicator.Rank).Begin;
        byte* at = share + plan.ShareOffset(array, communicator.Rank);
        for (int rank = 0, i = 0; rank < communicator.Size; rank++)
            for (int last = i + counts[rank]; i < last; i++)
                inShare[rank].Add((nint)(at + (known[i].Begin - first) * bytes), known[i].Count * bytes);
    }

    /// <summary>From the job's memory into the shares. Collective.</summary>
    internal void ToShares() => Move(communicator, mine, inShare);

    /// <summary>From the shares into the job's memory. Collective.</summary>
    internal void FromShares() => Move(communicator, inShare, mine);

    /// <summary>One for every rank, empty.</summary>
    internal static ByteStream[] Streams(int ranks) => [.. Enumerable.Range(0, ranks).Select(_ => new ByteStream())];

    private List<ElementRange>[] SplitByOwner(IReadOnlyList<Run> runs)
    {
        List<ElementRange>[] wanted = [.. Enumerable.Range(0, communicator.Size).Select(_ => new List<ElementRange>())];
        ElementRange[] intervals = [.. Enumerable.Range(0, communicator.Size).Select(rank => plan.Interval(array, rank))];
        long bytes = plan.Arrays[array].ElementBytes;
        foreach (Run run in runs)
            for (long begin = run.Range.Begin; begin < run.Range.End;)
            {
                int owner = OwnerOf(intervals, begin);
                long end = Math.Min(run.Range.End, intervals[owner].End);
                mine[owner].Add(run.Address + (nint)((begin - run.Range.Begin) * bytes), (end - begin) * bytes);
                List<ElementRange> list = wanted[owner];
                if (list.Count > 0 && list[^1].End == begin)
                    list[^1] = new(list[^1].Begin, end - list[^1].Begin);
                else
                    list.Add(new(begin, end - begin));
                begin = end;
            }
        return wanted;
    }

    /// <summary>The first rank whose interval ends after the element.</summary>
    private static int OwnerOf(ElementRange[] intervals, long element)
    {
        int low = 0, high = intervals.Length - 1;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = intervals[middle].End > element ? (low, middle) : (middle + 1, high);
        }
        return low;
    }

    /// <summary>Tells every rank the ranges this one has for it; returns what all ranks have for this one, rank by rank. Collective.</summary>
    internal static ElementRange[] Exchange(Communicator communicator, List<ElementRange>[] wanted, out int[] counts)
    {
        int[] sent = [.. wanted.Select(list => list.Count)];
        counts = new int[communicator.Size];
        communicator.Alltoall<int>(sent, counts);
        ElementRange[] known = new ElementRange[counts.Sum()];
        communicator.Alltoallv<ElementRange>(wanted.SelectMany(list => list).ToArray(), sent, known, counts);
        return known;
    }

    private void CheckCover(ElementRange[] known)
    {
        ElementRange[] sorted = [.. known.OrderBy(range => range.Begin)];
        ElementRange interval = plan.Interval(array, communicator.Rank);
        long next = interval.Begin;
        foreach (ElementRange range in sorted.Append(new(interval.End, 0)))
        {
            if (range.Begin != next)
                throw new CheckpointException($"checkpoint array {plan.Arrays[array].Name}: {(range.Begin > next
                    ? $"no rank has the elements from {next} to {range.Begin - 1}" : $"element {range.Begin} is given twice")}");
            next = range.End;
        }
    }

    /// <summary>From this rank's memory to every rank's, as the streams say on either side. Collective.</summary>
    internal static void Move(Communicator communicator, ByteStream[] from, ByteStream[] to)
    {
        int self = communicator.Rank, size = communicator.Size;
        ByteStream.Copy(from[self], to[self]);
        if (size == 1)
            return;
        int round = Math.Clamp(AllRounds / size, SmallestRound, LargestRound);
        long largest = communicator.Allreduce(from.Where((_, rank) => rank != self).Max(stream => stream.Bytes), ReduceOperation.Max);
        int[] sent = new int[size], received = new int[size];
        byte[] send = [], receive = [];
        for (long done = 0; done < largest; done += round)
        {
            for (int rank = 0; rank < size; rank++)
            {
                sent[rank] = rank == self ? 0 : (int)Math.Clamp(from[rank].Bytes - done, 0, round);
                received[rank] = rank == self ? 0 : (int)Math.Clamp(to[rank].Bytes - done, 0, round);
            }
            (int toSend, int toReceive) = (sent.Sum(), received.Sum());
            if (send.Length < toSend)
                send = GC.AllocateUninitializedArray<byte>(toSend);
            if (receive.Length < toReceive)
                receive = GC.AllocateUninitializedArray<byte>(toReceive);
            for (int rank = 0, at = 0; rank < size; at += sent[rank++])
                from[rank].Take(send.AsSpan(at, sent[rank]));
            communicator.Alltoallv<byte>(send.AsSpan(0, toSend), sent, receive.AsSpan(0, toReceive), received);
            for (int rank = 0, at = 0; rank < size; at += received[rank++])
                to[rank].Put(receive.AsSpan(at, received[rank]));
        }
    }
}
