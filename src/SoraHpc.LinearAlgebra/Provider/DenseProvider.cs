using System.Numerics;
using MathNet.Numerics;
using MathNet.Numerics.Providers.LinearAlgebra;
using SoraHpc.LinearAlgebra.Native;

namespace SoraHpc.LinearAlgebra.Provider;

/// <summary>All of MathNet's dense algebra over one library.</summary>
internal sealed class DenseProvider : ILinearAlgebraProvider, IForwarded<double>, IForwarded<float>, IForwarded<Complex>, IForwarded<Complex32>
{
    private readonly BlasLibrary library;
    private readonly ManagedAlgebra<double> doubles;
    private readonly ManagedAlgebra<float> singles;
    private readonly ManagedAlgebra<Complex> complexes;
    private readonly ManagedAlgebra<Complex32> shortComplexes;

    internal DenseProvider(BlasLibrary library)
    {
        this.library = library;
        var mathNet = ManagedLinearAlgebraProvider.Instance;
        int threads = library.Threads;
        doubles = Create<double>(library.Native?.Double, mathNet, threads);
        singles = Create<float>(library.Native?.Single, mathNet, threads);
        complexes = Create<Complex>(library.Native?.Complex, mathNet, threads);
        shortComplexes = Create<Complex32>(library.Native?.Complex32, mathNet, threads);
    }

    ILinearAlgebraProvider<double> IForwarded<double>.Target => doubles;
    ILinearAlgebraProvider<float> IForwarded<float>.Target => singles;
    ILinearAlgebraProvider<Complex> IForwarded<Complex>.Target => complexes;
    ILinearAlgebraProvider<Complex32> IForwarded<Complex32>.Target => shortComplexes;

    public bool IsAvailable() => true;

    public void InitializeVerify() { }                  // the library was checked when it was loaded

    public void FreeResources() { }

    public override string ToString() => library.ToString();

    private static ManagedAlgebra<T> Create<T>(BlasFunctions? functions, ILinearAlgebraProvider<T> mathNet, int threads) where T : unmanaged =>
        functions is not null ? new NativeAlgebra<T>(functions, mathNet, threads) : new ManagedAlgebra<T>(mathNet, threads);
}
