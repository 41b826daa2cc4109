using System.Diagnostics;
using SoraHpc.Cli.Launching;
using SoraHpc.Diagnostics;

namespace SoraHpc.Cli.Bench;

/// <summary>The C program of <c>sora bench mpi</c>, compiled for one MPI; deleted again on <see cref="Dispose"/>.</summary>
internal sealed class MpiPeer : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("sora-bench-");

    private MpiPeer() { }

    /// <summary>The executable.</summary>
    internal string Program => Path.Combine(folder.FullName, "mpi_bench");

    /// <summary>Compiles it with the wrapper compiler of this MPI; null where that is not installed.</summary>
    /// <exception cref="SoraException">The compiler is there and fails.</exception>
    internal static MpiPeer? Build(string mpi)
    {
        if (MpiLauncher.OnPath($"mpicc.{mpi}") is not { } compiler)
            return null;
        MpiPeer peer = new();
        string source = peer.Program + ".c";
        using (Stream text = typeof(MpiPeer).Assembly.GetManifestResourceStream("mpi_bench.c")!, file = File.Create(source))
            text.CopyTo(file);
        using Process process = Process.Start(new ProcessStartInfo(compiler, ["-O3", "-march=native", "-o", peer.Program, source]) { RedirectStandardError = true })!;
        string complaint = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode == 0)
            return peer;
        peer.Dispose();
        throw new SoraException($"{compiler} does not compile the C side: {complaint.Split('\n')[0]}");
    }

    public void Dispose() => folder.Delete(recursive: true);
}
