namespace SoraHpc.Runtime.Stealing;

/// <summary>What one rank did in a run of a task pool: blittable.</summary>
/// <param name="Executed">Tasks executed here.</param>
/// <param name="StealsTried">Claims made where tasks were seen.</param>
/// <param name="StealsSucceeded">Claims that took something.</param>
/// <param name="TasksStolen">Tasks taken from others.</param>
/// <param name="StealsFromOtherNodes">Claims and answers that brought tasks from another node; among <paramref name="StealsSucceeded"/>.</param>
/// <param name="BusySeconds">T_i: with tasks to execute.</param>
/// <param name="IdleSeconds">Looking for tasks.</param>
public readonly record struct TaskStatistics(long Executed, long StealsTried, long StealsSucceeded, long TasksStolen, long StealsFromOtherNodes, double BusySeconds, double IdleSeconds)
{
    /// <summary>Of two runs one after the other.</summary>
    public TaskStatistics Plus(TaskStatistics next) => new(Executed + next.Executed, StealsTried + next.StealsTried, StealsSucceeded + next.StealsSucceeded,
        TasksStolen + next.TasksStolen, StealsFromOtherNodes + next.StealsFromOtherNodes, BusySeconds + next.BusySeconds, IdleSeconds + next.IdleSeconds);
}
