using System.Runtime.CompilerServices;
using SoraHpc.Communication;

namespace SoraHpc.RankPrograms;

/// <summary>One pass through every operation of a communicator, its results checked against closed forms.</summary>
internal static class Smoke
{
    internal static void Run(Communicator comm)
    {
        foreach (int length in (int[])[5, 0, 1000])
        {
            SmokeCollectives.Blocking(comm, length);
            SmokeCollectives.Started(comm, length);
        }
        SmokeCollectives.Vectors(comm);
        SmokeCollectives.Reductions(comm);
        SmokePointToPoint.Run(comm);
        SmokeGroups.Run(comm);
        SmokeWindows.Run(comm);
        if (comm.IsRoot)
            Console.WriteLine("smoke passed");
    }

    internal static void Expect(bool condition, [CallerArgumentExpression(nameof(condition))] string what = "",
        [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        if (!condition)
            throw new InvalidOperationException($"{Path.GetFileName(file)}({line}): {what}");
    }
}
