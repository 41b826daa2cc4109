using System.Globalization;
using SoraHpc.LinearAlgebra.Native;

namespace SoraHpc.LinearAlgebra;

/// <summary>The library that computes dense algebra in this process: which it is, where it lies, and why it is not another.</summary>
public sealed class BlasLibrary
{
    /// <summary>The managed kernels, which are always there.</summary>
    public const string Managed = "managed";

    private static readonly string[] ThreadVariables = ["OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS", "OMP_NUM_THREADS"];

    private static readonly (string Name, string[] Files)[] Known =
    [
        ("mkl", ["libmkl_rt.so", "libmkl_rt.so.2", "libmkl_rt.so.1"]),
        ("openblas", ["libopenblas.so.0", "libopenblas.so"]),
        ("blis", ["libblis.so.4", "libblis.so.3", "libblis.so"]),
        ("system", ["libblas.so.3"]),
    ];

    private BlasLibrary(string name, NativeLibraryPair? native, int threads, IReadOnlyList<string> notUsed)
    {
        (Name, Native, NotUsed) = (name, native, notUsed);
        Threads = native?.SetThreads(threads) ?? threads;
    }

    /// <summary>"mkl", "openblas", "blis", "system", "managed", or the path that was asked for.</summary>
    public string Name { get; }

    /// <summary>File of the matrix products, links resolved; empty when managed.</summary>
    public string Path => Native?.BlasPath ?? "";

    /// <summary>File of the factorisations; BLIS takes the system's. Empty when managed.</summary>
    public string LapackPath => Native?.LapackPath ?? "";

    /// <summary>The library's own version and configuration.</summary>
    public string Version => Native?.Version ?? "managed kernels";

    /// <summary>Threads in one call.</summary>
    public int Threads { get; }

    /// <summary>One line for each library that was looked at and is not used: its name and the reason.</summary>
    public IReadOnlyList<string> NotUsed { get; }

    /// <summary>Why this library is slower than it could be, with what to do: one thread only, or kernels for an older processor. Empty when it is not.</summary>
    public string Restriction => Native?.Restriction ?? "";

    /// <summary>Environment variables with which another program has the same library with the same kernels and threads: to compare with.</summary>
    public IReadOnlyDictionary<string, string> Settings => (Native?.Settings ?? [])
        .Concat(ThreadVariables.Select(name => (Name: name, Value: Threads.ToString(CultureInfo.InvariantCulture))))
        .DistinctBy(setting => setting.Name)
        .ToDictionary(setting => setting.Name, setting => setting.Value);

    internal NativeLibraryPair? Native { get; }

    /// <summary>Finds the library asked for; "auto" loads all that are there and takes the fastest. Local: nothing is communicated.</summary>
    /// <exception cref="BlasException">A library was named and cannot be used.</exception>
    public static BlasLibrary Load(BlasOptions options)
    {
        if (options.Library == "auto")
            return LoadFastest(options.Threads);
        if (options.Library == Managed)
            return new(Managed, null, options.Threads, []);
        NativeLibraryPair? pair = NativeLibraryPair.Load(FilesOf(options.Library), out string reason);
        return pair is not null ? new(options.Library, pair, options.Threads, [])
            : throw new BlasException($"the BLAS library \"{options.Library}\" cannot be used: {reason}; name another (auto, {string.Join(", ", Known.Select(known => known.Name))}, {Managed}) or its path");
    }

    /// <summary>One line: name, version, file, threads.</summary>
    public override string ToString()
    {
        string threads = $"{Threads} thread{(Threads == 1 ? "" : "s")}";
        string lapack = LapackPath == Path ? "" : $", LAPACK {LapackPath}";
        return Native is null ? $"{Managed} kernels, {threads}" : $"{Version}: {Path}{lapack}, {threads}";
    }

    private static string[] FilesOf(string name) => Known.FirstOrDefault(known => known.Name == name).Files ?? [name];

    private static BlasLibrary LoadFastest(int threads)
    {
        List<(string Name, NativeLibraryPair Pair)> found = [];
        List<string> notUsed = [];
        foreach ((string name, string[] files) in Known)
        {
            if (NativeLibraryPair.Load(files, out string reason) is not { } pair)
                notUsed.Add($"{name}: {reason}");
            else if (found.Find(other => other.Pair.Version == pair.Version && other.Pair.LapackPath == pair.LapackPath) is { Name: not null } same)
                notUsed.Add($"{name}: it is {same.Name}");
            else
                found.Add((name, pair));
        }
        if (found.Count == 0)
            return new(Managed, null, threads, notUsed);
        if (found.Count == 1)
            return new(found[0].Name, found[0].Pair, threads, notUsed);
        (string Name, NativeLibraryPair Pair, double Speed)[] measured =
            [.. found.Zip(SpeedProbe.Measure([.. found.Select(each => each.Pair)], threads), (each, speed) => (each.Name, each.Pair, speed)).OrderByDescending(each => each.speed)];
        notUsed.AddRange(measured.Skip(1).Select(slower => FormattableString.Invariant(
            $"{slower.Name}: {slower.Speed / 1e9:0} GF/s in a short product, {measured[0].Name} {measured[0].Speed / 1e9:0}")));
        return new(measured[0].Name, measured[0].Pair, threads, notUsed);
    }
}
