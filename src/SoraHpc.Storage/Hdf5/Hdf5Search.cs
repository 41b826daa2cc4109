using System.Text.RegularExpressions;

namespace SoraHpc.Storage.Hdf5;

/// <summary>Looks where the loader looks and tells the builds of libhdf5 apart without loading any: loading the wrong one would
/// bring a second MPI into the process.</summary>
internal static partial class Hdf5Search
{
    private static readonly string[] SystemDirectories =
    [
        "/usr/local/lib", "/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/lib/x86_64-linux-gnu", "/usr/lib64", "/usr/lib",
    ];

    // LD_LIBRARY_PATH is the loader's setting, not one of ours.
    /// <summary>Every build found, in the order in which the loader would meet them.</summary>
    internal static IReadOnlyList<Hdf5Build> Find()
    {
        string[] fromLoader = (Environment.GetEnvironmentVariable("LD_LIBRARY_PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);
        List<Hdf5Build> builds = [];
        HashSet<string> seen = [];
        foreach (string directory in fromLoader.Concat(SystemDirectories).Where(Directory.Exists))
            foreach (string path in Directory.EnumerateFiles(directory, "libhdf5*.so*").Order(StringComparer.Ordinal))
                if (FileName().Match(Path.GetFileName(path)) is { Success: true } name && seen.Add(RealPath(path)))
                    builds.Add(new Hdf5Build(RealPath(path), FlavourOf(RealPath(path), name.Groups["flavour"].Value)));
        return builds;
    }

    private static Hdf5Flavour FlavourOf(string path, string suffix) => suffix switch
    {
        "_openmpi" => Hdf5Flavour.OpenMpi,
        "_mpich" => Hdf5Flavour.Mpich,
        "_serial" => Hdf5Flavour.Serial,
        _ => FlavourByNeededLibrary(path),
    };

    /// <summary>A plain libhdf5.so may be any build: the names of the libraries it needs are in its string table.</summary>
    private static Hdf5Flavour FlavourByNeededLibrary(string path)
    {
        ReadOnlySpan<byte> image = File.ReadAllBytes(path);
        return image.IndexOf("\0libmpi.so.40\0"u8) >= 0 ? Hdf5Flavour.OpenMpi
            : image.IndexOf("\0libmpich.so.12\0"u8) >= 0 || image.IndexOf("\0libmpi.so.12\0"u8) >= 0 ? Hdf5Flavour.Mpich
            : Hdf5Flavour.Serial;
    }

    private static string RealPath(string path) => File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;

    [GeneratedRegex(@"^libhdf5(?<flavour>_serial|_openmpi|_mpich)?\.so(\.\d+)*$")]
    private static partial Regex FileName();
}
