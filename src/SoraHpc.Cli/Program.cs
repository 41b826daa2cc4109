using SoraHpc.Cli.CommandLine;
using SoraHpc.Communication;

// Open MPI gives ranks a pseudo-terminal as standard output; without this .NET writes a terminal code into it on first use.
if (LaunchEnvironment.Read().Transport == Transport.Mpi)
    Environment.SetEnvironmentVariable("TERM", "dumb");
return SoraCommand.Run(args, Console.Out, Console.Error);
