using SoraHpc.Cli.Run;
using SoraHpc.LinearAlgebra;

namespace SoraHpc.Cli.Doctor;

/// <summary>Which BLAS and LAPACK would compute, and why no other.</summary>
internal static class BlasCheck
{
    /// <param name="ranks">Ranks on this machine.</param>
    internal static IEnumerable<Finding> Run(int ranks)
    {
        BlasOptions options = BlasChoice.Options(library: null, Environment.ProcessorCount < ranks ? 1 : ranks);
        try
        {
            return Library(BlasLibrary.Load(options));
        }
        catch (BlasException refused)
        {
            return [new(Severity.Error, "BLAS", refused.Message)];
        }
        catch (OutOfMemoryException)
        {
            return [new(Severity.Error, "BLAS", "the system refuses the memory to try the libraries with", "see memory and limits below")];
        }
    }

    internal static IEnumerable<Finding> Library(BlasLibrary library)
    {
        yield return library.Name == BlasLibrary.Managed
            ? new(Severity.Warning, "BLAS", $"{library}: factorisations are about ten times slower than in a native library", "install one (Debian 12: apt install libopenblas0-pthread)")
            : new(library.Restriction.Length > 0 ? Severity.Warning : Severity.Ok, "BLAS", library.ToString(), library.Restriction);
        foreach (string reason in library.NotUsed)
            yield return new(Severity.Ok, "BLAS", $"not used: {reason}");
    }
}
