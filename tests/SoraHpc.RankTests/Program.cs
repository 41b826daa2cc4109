using SoraHpc.Communication;

namespace SoraHpc.RankTests;

/// <summary>
/// The contract of the communicator under a launcher: <c>mpiexec -n N SoraHpc.RankTests [part of a test's name]</c>. Without a
/// launcher the same runs on one rank. Rank 0 prints the failures and, last of all, <c>N passed, N failed, N skipped</c>.
/// </summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        RankSession? session = null;
        int code = World.Run(world =>
        {
            session = new RankSession(world);
            session.Run(arguments.Length > 0 ? arguments[0] : "");
        }, new WorldOptions { ThreadLevel = ThreadLevel.Serialized });
        // After the world is closed, so that nothing the library says comes later.
        if (session is { Rank: 0 })
            Console.Out.WriteLine(session.Verdict);
        return code != 0 ? code : session is { Failed: 0 } ? 0 : 1;
    }
}
