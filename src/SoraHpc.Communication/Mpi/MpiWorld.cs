namespace SoraHpc.Communication.Mpi;

internal static class MpiWorld
{
    internal static int Run(Action<Communicator> body, WorldOptions options, LaunchEnvironment launch) => throw new PlatformNotSupportedException();
}
