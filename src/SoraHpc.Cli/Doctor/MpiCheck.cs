using SoraHpc.Communication;
using SoraHpc.Communication.Mpi;
using SoraHpc.Diagnostics;

namespace SoraHpc.Cli.Doctor;

/// <summary>Which MPI carries this world, or would carry one.</summary>
internal static class MpiCheck
{
    internal static IEnumerable<Finding> Run(Communicator communicator, string? mpi)
    {
        if (MpiInformation.Of(communicator) is { } live)
            return [Library(live), Threads(live.ThreadLevel), World(live)];
        try
        {
            return [Library(MpiInformation.Find(new WorldOptions { MpiLibrary = mpi }))];
        }
        catch (SoraException missing)
        {
            return [new(Severity.Warning, "MPI", missing.Message, "until then ranks are threads of one process")];
        }
    }

    internal static Finding Library(MpiInformation found) =>
        new(Severity.Ok, "MPI", $"{found.LibraryVersion.Split(',')[0].Trim()}, {found.Abi} ABI, standard {found.StandardVersion}: {found.Path}");

    internal static Finding World(MpiInformation live)
    {
        string text = $"{live.WorldSize} rank{(live.WorldSize == 1 ? "" : "s")} in the world, {live.LauncherSize} started by {live.Launcher ?? "no launcher"}";
        return live.LauncherSize > 0 && live.LauncherSize != live.WorldSize
            ? new(Severity.Error, "world", text, "launch with the mpiexec that belongs to the library above, or name the launcher's library with --mpi")
            : new(Severity.Ok, "world", text);
    }

    private static Finding Threads(ThreadLevel? provided) => provided is null or ThreadLevel.Single
        ? new(Severity.Warning, "threads", $"thread level {provided?.ToString() ?? "not told"}", "use a build of this MPI with thread support")
        : new(Severity.Ok, "threads", $"thread level {provided}");
}
