using SoraHpc.Communication.Mpi.Abi;

namespace SoraHpc.Communication.Mpi;

/// <summary>Which MPI was found and how this process was launched: what a person needs when a run does not start.</summary>
/// <param name="Path">The library's file.</param>
/// <param name="LibraryVersion">First line of the library's own description.</param>
/// <param name="Abi">"Open MPI" or "MPICH": also tells which build of a parallel library (HDF5) belongs to it.</param>
/// <param name="StandardVersion">The MPI standard the library follows: "3.1".</param>
/// <param name="ThreadLevel">What the library provided at initialisation; null before.</param>
/// <param name="Launcher">Who started the ranks; null without a launcher.</param>
/// <param name="LauncherSize">Ranks the launcher says it started; 0 when not said.</param>
/// <param name="WorldSize">Ranks of MPI_COMM_WORLD; 0 before initialisation.</param>
/// <param name="NullInfo">MPI_INFO_NULL, for passing to other libraries next to <see cref="Communicator.NativeHandle"/>.</param>
public sealed record MpiInformation(string Path, string LibraryVersion, string Abi, string StandardVersion,
    ThreadLevel? ThreadLevel, string? Launcher, int LauncherSize, int WorldSize, nint NullInfo)
{
    /// <summary>Finds and loads the library a world would use, without initialising it. Local.</summary>
    /// <exception cref="SoraHpc.Diagnostics.SoraException">None is found, or the one named is refused.</exception>
    public static MpiInformation Find(WorldOptions? options = null)
    {
        LaunchEnvironment launch = LaunchEnvironment.Read();
        return Of(MpiLibrary.Load(options?.MpiLibrary, launch), launch);
    }

    /// <summary>The library behind a communicator; null when its ranks are threads. Local.</summary>
    public static MpiInformation? Of(Communicator communicator) => (communicator as MpiCommunicator)?.Process.Information;

    internal static MpiInformation Of(MpiLibrary library, LaunchEnvironment launch) => new(library.Path, library.Version, library.Abi.Name,
        library.StandardVersion, null, launch.Launcher, launch.Size, 0, library.Abi.NullInfo);
}
