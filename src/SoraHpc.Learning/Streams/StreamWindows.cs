using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.Learning.Data;

namespace SoraHpc.Learning.Streams;

/// <summary>Columns of a stream seen in windows of several spans at once. A rank keeps the windows of its share of the columns, and every number goes to the rank of its column:
/// each column is gone through in the order of the rows, and so has the same bits on any ranks.</summary>
public sealed class StreamWindows
{
    // Steps are counted in numbers of double precision.
    private const double MostSteps = 1L << 52;

    private readonly Communicator ranks;
    private readonly IReadOnlyList<WindowSpan> spans;
    private readonly double[] shares;
    private readonly string? time;
    private readonly List<double> over = [];
    private IReadOnlyList<string> columns = [];
    private int[] looked = [];
    private SpanOfColumn[][] own = [];                      // of every own column, one a span
    private double reached = double.NegativeInfinity;

    /// <param name="ranks">All that get rows.</param>
    /// <param name="spans">At least one; of rows, by their number in the whole, unless <paramref name="time"/> is given.</param>
    /// <param name="quantiles">Shares in [0, 1] of the quantiles wanted; exact.</param>
    /// <param name="time">The column that says when a row was, whose numbers do not descend; null: windows are of rows.</param>
    public StreamWindows(Communicator ranks, IReadOnlyList<WindowSpan> spans, ReadOnlySpan<double> quantiles = default, string? time = null)
    {
        (this.ranks, this.spans, shares, this.time) = (ranks, spans, quantiles.ToArray(), time);
        if (spans.Count == 0 || Array.Exists(shares, share => share is not (>= 0 and <= 1)))
            throw new UsageException($"{spans.Count} spans of windows, quantiles of {string.Join(", ", shares)}: give one span or more, and shares in [0, 1]");
    }

    /// <summary>Takes the rows that came. Collective: one exchange, in which every number moves once.</summary>
    /// <param name="arrived">This rank's, after all rows of lower ranks and all that came before; with the same columns each time. It may be empty.</param>
    /// <returns>The windows that are over, by end, then span, then column; the same on every rank.</returns>
    /// <exception cref="SoraException">Rows are not in order, a time is missing, or columns differ; on every rank.</exception>
    public IReadOnlyList<WindowReport> Take(DataParticle arrived)
    {
        Bind(arrived);
        double[] positions = Positions(arrived);
        CheckOrder(positions);
        double[] brought = Exchange(arrived, positions, out int[] lengths);
        over.Clear();
        for (int rank = 0, begin = 0; rank < ranks.Size; begin += lengths[rank++])
            for (int at = begin; at < begin + lengths[rank]; at += 1 + own.Length)
                Push(brought[at], brought.AsSpan(at + 1, own.Length));
        return Gather();
    }

    private void Bind(DataParticle arrived)
    {
        TableCheck.SameColumns(ranks, [arrived]);
        if (columns.Count > 0 && !columns.SequenceEqual(arrived.Columns))
            throw new SoraException($"the columns of the stream were {string.Join(", ", columns)}, and are now {string.Join(", ", arrived.Columns)}");
        if (columns.Count > 0)
            return;
        columns = arrived.Columns;
        int clock = time is null ? -1 : Step.PlaceOf(time, columns);
        looked = [.. Enumerable.Range(0, columns.Count).Where(column => column != clock)];
        own = [.. Enumerable.Range(0, OwnedBy(ranks.Rank).Length).Select(_ => spans.Select(span => new SpanOfColumn(span, shares)).ToArray())];
    }

    private ReadOnlySpan<int> OwnedBy(int rank)
    {
        int begin = (int)((long)looked.Length * rank / ranks.Size), end = (int)((long)looked.Length * (rank + 1) / ranks.Size);
        return looked.AsSpan(begin, end - begin);
    }

    private double[] Positions(DataParticle arrived)
    {
        double[] positions = new double[arrived.Count];
        if (time is not null)
            arrived.Features.CopyColumn(Step.PlaceOf(time, columns), positions);
        else
            for (int i = 0; i < positions.Length; i++)
                positions[i] = arrived.Rows[i];
        return positions;
    }

    // First, last and whether all between ascend, of every rank: so that all say the same where one has rows out of order.
    private void CheckOrder(double[] positions)
    {
        double disorder = double.NaN;
        for (int i = 0; i < positions.Length && double.IsNaN(disorder); i++)
            disorder = !double.IsFinite(positions[i]) || i > 0 && positions[i] < positions[i - 1] ? i : double.NaN;
        double[] all = ranks.Allgatherv<double>([positions.FirstOrDefault(), positions.LastOrDefault(), disorder, positions.Length]);
        for (int rank = 0; rank < ranks.Size; rank++)
        {
            ReadOnlySpan<double> each = all.AsSpan(4 * rank, 4);
            string order = time is null ? "of their numbers" : $"of '{time}'";
            if (!double.IsNaN(each[2]))
                throw new SoraException(FormattableString.Invariant($"rank {rank}: {(time is null ? "the number" : $"'{time}'")} of row {each[2]} of those that came is missing or before the last; rows of a stream come in the order {order}"));
            if (each[3] > 0 && (each[0] < reached || time is null && each[0] == reached))
                throw new SoraException(FormattableString.Invariant($"rank {rank}: {each[0]} comes after {reached}; rows of a stream come in the order {order}, over ranks too"));
            double finest = spans.Min(span => span.Step);
            if (each[3] > 0 && Math.Max(Math.Abs(each[0]), Math.Abs(each[1])) >= MostSteps * finest)
                throw new SoraException(FormattableString.Invariant($"rank {rank}: positions up to {each[1]} cannot be told apart in steps of {finest}: count time from a later origin, or take larger steps"));
            reached = each[3] > 0 ? each[1] : reached;
        }
    }

    // 8 B a number and 8 B a row for its position, to every rank that has columns.
    private double[] Exchange(DataParticle arrived, double[] positions, out int[] lengths)
    {
        double[] sent = [.. Enumerable.Range(0, ranks.Size).SelectMany(rank => Share(arrived, positions, OwnedBy(rank)))];
        int[] send = [.. Enumerable.Range(0, ranks.Size).Select(rank => positions.Length * WidthOf(rank))];
        int[] counts = ranks.Allgather(positions.Length);
        lengths = [.. counts.Select(count => count * WidthOf(ranks.Rank))];
        double[] brought = new double[lengths.Sum()];
        ranks.Alltoallv<double>(sent, send, brought, lengths);
        return brought;
    }

    private int WidthOf(int rank) => OwnedBy(rank).Length is > 0 and int owned ? 1 + owned : 0;

    private static double[] Share(DataParticle arrived, double[] positions, ReadOnlySpan<int> owned)
    {
        if (owned.IsEmpty)
            return [];
        double[] share = new double[positions.Length * (1 + owned.Length)], row = new double[arrived.Columns.Count];
        for (int i = 0, at = 0; i < positions.Length; i++)
        {
            arrived.Features.CopyRow(i, row);
            share[at++] = positions[i];
            foreach (int column in owned)
                share[at++] = row[column];
        }
        return share;
    }

    private void Push(double position, ReadOnlySpan<double> values)
    {
        for (int column = 0; column < own.Length; column++)
            for (int span = 0; span < spans.Count; span++)
            {
                SpanOfColumn window = own[column][span];
                window.Reach(position, OwnedBy(ranks.Rank)[column], span, over);
                if (!double.IsNaN(values[column]))
                    window.Push(position, values[column]);
                if (time is null)
                    window.Reach(position + 1, OwnedBy(ranks.Rank)[column], span, over);    // of rows it is known when a window is full
            }
    }

    private IReadOnlyList<WindowReport> Gather()
    {
        double[] all = ranks.Allgatherv<double>([.. over]);
        return [.. all.Chunk(SpanOfColumn.Numbers + shares.Length).OrderBy(each => each[2]).ThenBy(each => each[1]).ThenBy(each => each[0]).Select(each =>
            new WindowReport(columns[(int)each[0]], spans[(int)each[1]], each[2], new((long)each[3], each[4], each[5], each[6], each[7]), each[8..]))];
    }
}
