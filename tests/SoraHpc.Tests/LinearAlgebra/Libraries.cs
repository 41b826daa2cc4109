using NUnit.Framework;
using SoraHpc.LinearAlgebra;

namespace SoraHpc.Tests.LinearAlgebra;

/// <summary>The libraries the same tests run on; one that is not installed is skipped, and says so.</summary>
internal static class Libraries
{
    internal static readonly string[] All = ["managed", "mkl", "openblas", "blis", "system"];

    internal static BlasLibrary LoadOrSkip(string name, int threads = 1)
    {
        try
        {
            return BlasLibrary.Load(new BlasOptions { Library = name, Threads = threads });
        }
        catch (BlasException missing) when (missing.Message.Contains("cannot open shared object file"))
        {
            Assert.Ignore(missing.Message);
            throw;
        }
    }
}
