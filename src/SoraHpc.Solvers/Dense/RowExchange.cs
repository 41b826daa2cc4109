using SoraHpc.Communication;

namespace SoraHpc.Solvers.Dense;

/// <summary>Rows that change places, many at once: the net effect of a sequence of swaps, in one exchange along every column of ranks.</summary>
// Traffic: each row that moves is read and written once, 16 B an entry, a cache line of its own.
internal sealed unsafe class RowExchange : IDisposable
{
    private readonly BlockCycle rows;
    private readonly Communicator communicator;
    private readonly int[] at, to, from;                    // which row is now at a place; the moves: place and row that goes there
    private readonly int[] leaving, arriving;               // local rows, by the rank they go to or come from
    private readonly int[] leavingCounts, arrivingCounts, sends, receives;
    private readonly AlignedBuffer<double> packed, received;
    private int moves, leavingTotal, arrivingTotal;

    /// <param name="matrix">Rows of this matrix, and of those that lie like it.</param>
    internal RowExchange(BlockCyclicMatrix matrix)
    {
        (rows, communicator) = (matrix.RowCycle, matrix.Grid.AlongColumn);
        (at, to, from) = (new int[rows.Length], new int[rows.Length], new int[rows.Length]);
        for (int i = 0; i < at.Length; i++)
            at[i] = i;
        (leaving, arriving) = (new int[rows.LocalLength], new int[rows.LocalLength]);
        (leavingCounts, arrivingCounts, sends, receives) = (new int[rows.Parts], new int[rows.Parts], new int[rows.Parts], new int[rows.Parts]);
        int capacity = checked(2 * rows.Block * MatrixProduct.Strip + rows.Length);
        (packed, received) = (new(capacity), new(rows.Parts > 1 ? capacity : 0));
    }

    /// <summary>Row first + i changes places with row pivots[i], one after the other.</summary>
    internal void Plan(int first, ReadOnlySpan<int> pivots)
    {
        moves = 0;
        for (int i = 0; i < pivots.Length; i++)
            (at[first + i], at[pivots[i]]) = (at[pivots[i]], at[first + i]);
        for (int i = 0; i < pivots.Length; i++)
            Record(first + i);
        foreach (int row in pivots)
            Record(row);
        Group();
    }

    /// <summary>Row rowAt[i] goes to place i, for all i from <paramref name="first"/> on; a permutation of them.</summary>
    internal void PlanOrder(ReadOnlySpan<int> rowAt, int first)
    {
        moves = 0;
        for (int place = first; place < rowAt.Length; place++)
            if (rowAt[place] != place)
                Add(place, rowAt[place]);
        Group();
    }

    /// <summary>Moves the rows in these local columns. Collective along the column of ranks.</summary>
    internal void Apply(BlockCyclicMatrix matrix, int begin, int end)
    {
        if (moves == 0)
            return;
        int columnsAtOnce = Math.Max(1, packed.Length / moves);         // the same on all ranks of the column
        for (int column = begin; column < end; column += columnsAtOnce)
            if (rows.Parts == 1)
                MoveHere(matrix, column, Math.Min(end, column + columnsAtOnce));
            else
                Move(matrix, column, Math.Min(end, column + columnsAtOnce));
    }

    public void Dispose()
    {
        ((IDisposable)packed).Dispose();
        ((IDisposable)received).Dispose();
    }

    private void Record(int place)
    {
        if (at[place] == place)
            return;
        Add(place, at[place]);
        at[place] = place;                                  // ready for the next plan, and not recorded twice
    }

    private void Add(int place, int row)
    {
        (to[moves], from[moves]) = (place, row);
        moves++;
    }

    private void Group()
    {
        Group(from, to, leaving, leavingCounts, out leavingTotal);
        Group(to, from, arriving, arrivingCounts, out arrivingTotal);
    }

    // This rank's rows among some, in the order of the rank at the other end and then of the moves: the same order at both ends.
    private void Group(int[] mine, int[] others, int[] local, int[] counts, out int total)
    {
        total = 0;
        for (int part = 0; part < counts.Length; part++)
        {
            int before = total;
            for (int i = 0; i < moves; i++)
                if (rows.OwnerOf(mine[i]) == rows.Part && rows.OwnerOf(others[i]) == part)
                    local[total++] = rows.ToLocal(mine[i]);
            counts[part] = total - before;
        }
    }

    private void MoveHere(BlockCyclicMatrix matrix, int begin, int end)
    {
        for (int column = begin; column < end; column++)
        {
            double* values = matrix.At(0, column);
            for (int i = 0; i < leavingTotal; i++)
                packed.Address[i] = values[leaving[i]];
            for (int i = 0; i < leavingTotal; i++)
                values[arriving[i]] = packed.Address[i];
        }
    }

    private void Move(BlockCyclicMatrix matrix, int begin, int end)
    {
        int columns = end - begin;
        double* next = packed.Address;
        for (int part = 0, first = 0; part < rows.Parts; first += leavingCounts[part++])
            for (int column = begin; column < end; column++)
                for (int i = 0; i < leavingCounts[part]; i++)
                    *next++ = *matrix.At(leaving[first + i], column);
        for (int part = 0; part < rows.Parts; part++)
            (sends[part], receives[part]) = (leavingCounts[part] * columns, arrivingCounts[part] * columns);
        communicator.Alltoallv<double>(packed.GetSpan()[..(leavingTotal * columns)], sends, received.GetSpan()[..(arrivingTotal * columns)], receives);
        next = received.Address;
        for (int part = 0, first = 0; part < rows.Parts; first += arrivingCounts[part++])
            for (int column = begin; column < end; column++)
                for (int i = 0; i < arrivingCounts[part]; i++)
                    *matrix.At(arriving[first + i], column) = *next++;
    }
}
