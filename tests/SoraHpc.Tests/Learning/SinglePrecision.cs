using SoraHpc.Learning.Models;
using SoraHpc.LinearAlgebra;

namespace SoraHpc.Tests.Learning;

/// <summary>What tests of networks in single precision have in common.</summary>
internal static class SinglePrecision
{
    internal static readonly MatrixProducts<float> Managed = MatrixProducts<float>.Of(BlasLibrary.Load(new BlasOptions { Library = BlasLibrary.Managed, Threads = 1 }));

    internal static float[] Normal(int count, ulong stream = 1) => [.. Gradients.Normal(count, stream).Select(value => (float)value)];

    /// <summary>All parameters in a file of a model.</summary>
    internal static float[] ValuesOf(string file)
    {
        using Network<float> network = ModelFile.Read(file, Managed);
        return network.Values.ToArray();
    }
}
