using SoraHpc.Diagnostics;

namespace SoraHpc.Communication;

/// <summary>What a failed rank says before everything ends.</summary>
internal static class Failure
{
    /// <summary>One line for a failure the library describes itself; a defect also gets its stack on the lines below.</summary>
    internal static string Describe(int rank, Exception failure)
    {
        bool described = failure.GetType().Namespace?.StartsWith("SoraHpc", StringComparison.Ordinal) == true;
        string where = failure is CommunicationException { Rank: >= 0 } ? "" : $"rank {rank}: ";
        return described ? $"sora: {where}{failure.Message}" : $"sora: {where}{failure.GetType().Name}: {failure.Message}\n{failure.StackTrace}";
    }

    /// <summary>2 for wrong usage, else 1.</summary>
    internal static int ExitCode(Exception failure) => failure is SoraException known ? known.ExitCode : 1;
}
