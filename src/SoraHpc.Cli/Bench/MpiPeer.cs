using System.Diagnostics;
using SoraHpc.Cli.Launching;
using SoraHpc.Diagnostics;

namespace SoraHpc.Cli.Bench;

/// <summary>The C program beside a measurement, from tests/peers, compiled for one MPI; deleted again on <see cref="Dispose"/>.</summary>
internal sealed class MpiPeer : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("sora-bench-");

    private MpiPeer(string name) => Program = Path.Combine(folder.FullName, name);

    /// <summary>The executable.</summary>
    internal string Program { get; }

    /// <summary>Compiles it with the wrapper compiler of this MPI; null where that is not installed.</summary>
    /// <param name="name">The source's, without its ending.</param>
    /// <param name="libraries">What to link with.</param>
    /// <exception cref="SoraException">The compiler is there and fails.</exception>
    internal static MpiPeer? Build(string mpi, string name, params string[] libraries)
    {
        if (MpiLauncher.OnPath($"mpicc.{mpi}") is not { } compiler)
            return null;
        MpiPeer peer = new(name);
        string source = peer.Program + ".c";
        using (Stream text = typeof(MpiPeer).Assembly.GetManifestResourceStream(name + ".c")!, file = File.Create(source))
            text.CopyTo(file);
        using Process process = Process.Start(new ProcessStartInfo(compiler, ["-O3", "-march=native", "-o", peer.Program, source, .. libraries]) { RedirectStandardError = true })!;
        string complaint = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode == 0)
            return peer;
        peer.Dispose();
        throw new SoraException($"{compiler} does not compile the C side: {complaint.Split('\n')[0]}");
    }

    public void Dispose() => folder.Delete(recursive: true);
}
