using SoraHpc.Communication;
using SoraHpc.Runtime.Stealing;

namespace SoraHpc.Jobs.Weather;

/// <summary>Columns as tasks: advanced wherever they are, put back into their place at home or kept to be sent there.</summary>
/// <param name="repetitions">Times every column is advanced, ≥ 1: more than one slows the rank down on purpose.</param>
internal sealed class ColumnTasks(ColumnPhysics physics, AlignedBuffer<Column> home, int rank, ResultReturn<Column> abroad, int repetitions) : ITaskBody<Column>
{
    /// <inheritdoc/>
    public int BatchSize => 1;

    /// <inheritdoc/>
    public void Execute(ReadOnlySpan<Column> tasks, TaskQueue<Column> queue)
    {
        foreach (ref readonly Column task in tasks)
        {
            Column column = task;
            for (int again = 1; again < repetitions; again++)
                Repeat(in task);
            physics.Advance(ref column);
            if (column.Owner == rank)
                home.GetSpan()[column.Index] = column;
            else
                abroad.Add(column.Owner, in column);
        }
    }

    /// <inheritdoc/>
    public string NameOf(in Column task) => FormattableString.Invariant(
        $"the column at {double.RadiansToDegrees(Math.Asin(task.SinLatitude)):F1}° N, {double.RadiansToDegrees(task.Longitude):F1}° E, of rank {task.Owner},");

    // Slows a rank down and counts as no work.
    private void Repeat(in Column task)
    {
        double work = physics.Work;
        Column thrownAway = task;
        physics.Advance(ref thrownAway);
        physics.Work = work;
    }
}
