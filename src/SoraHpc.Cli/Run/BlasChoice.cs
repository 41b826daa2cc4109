using SoraHpc.Cli.Launching;
using SoraHpc.Diagnostics;
using SoraHpc.LinearAlgebra;

namespace SoraHpc.Cli.Run;

/// <summary>Which library computes dense algebra: the option, else the variable SORA_BLAS, else the fastest.</summary>
internal static class BlasChoice
{
    /// <param name="library">What the option says; null when it is not given.</param>
    /// <param name="ranks">Ranks that share the cores this process may use.</param>
    internal static BlasOptions Options(string? library, int ranks = 1) => new()
    {
        Library = library ?? (Environment.GetEnvironmentVariable("SORA_BLAS") is { Length: > 0 } variable ? variable : "auto"),
        Threads = Math.Max(1, Machine.Cores() / ranks),
    };

    /// <exception cref="UsageException">A library was named and cannot be used.</exception>
    internal static BlasLibrary Load(BlasOptions options)
    {
        try
        {
            return BlasLibrary.Load(options);
        }
        catch (BlasException refused)
        {
            throw new UsageException(refused.Message);
        }
    }
}
