namespace SoraHpc.LinearAlgebra;

/// <summary>Which library computes dense algebra, and with how many threads.</summary>
public sealed record BlasOptions
{
    /// <summary>"auto", "mkl", "openblas", "blis", "system" (whatever the system calls libblas.so.3), "managed", or the path of a library.
    /// Default: auto, the fastest of those that are there in a product of two small matrices.</summary>
    /// <remarks>Libraries differ in the last bits, and two that are about as fast may win in turn: ranks whose results shall be equal
    /// bit by bit are given one name, for instance the one that rank 0 found.</remarks>
    public string Library
    {
        get;
        init => field = !string.IsNullOrWhiteSpace(value) ? value : throw new ArgumentException("a library's name or path is needed; auto takes the fastest", nameof(Library));
    } = "auto";

    /// <summary>Threads of this process in one call, ≥ 1. Default: its hardware threads, as bound, divided by <see cref="RanksSharing"/>.</summary>
    public int Threads
    {
        get => field > 0 ? field : Math.Max(1, Environment.ProcessorCount / RanksSharing);
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Threads), value, "a rank needs at least one thread");
    }

    /// <summary>Ranks that take turns on the cores this process is bound to, ≥ 1. Default: 1, each rank bound to cores of its own.</summary>
    public int RanksSharing
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(RanksSharing), value, "at least this rank itself uses its cores");
    } = 1;
}
