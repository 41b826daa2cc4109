namespace SoraHpc.Communication.Threads;

internal static class ThreadWorld
{
    internal static int Run(Action<Communicator> body, WorldOptions options) => throw new PlatformNotSupportedException();
}
