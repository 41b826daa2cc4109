using System.Diagnostics;
using SoraHpc.Communication;
using SoraHpc.Runtime.Stealing;

namespace SoraHpc.RankPrograms;

/// <summary>A task fails, or its process is killed, while ranks of other nodes look for tasks.</summary>
internal static class TaskFailures
{
    /// <summary>Numbers 1 to 10⁵, i making 2i and 2i + 1; number 77 fails.</summary>
    private readonly struct Numbers(Action fail) : ITaskBody<int>
    {
        private const int Largest = 100_000, Bad = 77;

        public int BatchSize => 1;

        public void Execute(ReadOnlySpan<int> tasks, TaskQueue<int> queue)
        {
            if (tasks[0] == Bad)
                fail();
            for (int child = 2 * tasks[0]; child <= Math.Min(2 * tasks[0] + 1, Largest); child++)
                queue.Push(child);
        }

        public string NameOf(in int task) => $"task {task}";
    }

    internal static void Throw(Communicator comm, StealTransport transport) =>
        Run(comm, transport, () => throw new InvalidOperationException("no such row"));

    internal static void Kill(Communicator comm, StealTransport transport) => Run(comm, transport, Process.GetCurrentProcess().Kill);

    private static void Run(Communicator comm, StealTransport transport, Action fail)
    {
        using var pool = new TaskPool<int, Numbers, NearThenRandom>(comm, new(fail), new(comm.Rank, comm.Size), new() { BetweenNodes = transport, RanksPerNode = 1 });
        pool.Run(comm.IsRoot ? [1] : []);
    }
}
