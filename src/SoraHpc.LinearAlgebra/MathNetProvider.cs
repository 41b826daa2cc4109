using MathNet.Numerics;
using MathNet.Numerics.Providers.LinearAlgebra;
using SoraHpc.LinearAlgebra.Provider;

namespace SoraHpc.LinearAlgebra;

/// <summary>Puts a library below MathNet: from then on every product, LU, Cholesky, QR, singular value and eigenvalue call of its dense
/// matrices, in all four element types, runs there.</summary>
public static class MathNetProvider
{
    /// <summary>Chooses a library and uses it for this whole process, all its threads included; the last call counts. Local: nothing is communicated.</summary>
    /// <returns>One line that says what is used.</returns>
    /// <remarks>With "auto", and with "mkl", MathNet's own provider over MKL comes first where its packages are part of the program.
    /// MathNet's managed code, wherever it still runs, gets as many threads as the library.</remarks>
    /// <exception cref="BlasException">A library was named and cannot be used.</exception>
    public static string Use(BlasOptions options)
    {
        if (options.Library is "auto" or "mkl" && LinearAlgebraControl.TryUseNativeMKL())
        {
            Control.MaxDegreeOfParallelism = options.Threads;
            return $"MathNet's own provider: {LinearAlgebraControl.Provider}";
        }
        return Use(BlasLibrary.Load(options));
    }

    /// <summary>Uses a library that is loaded already.</summary>
    /// <returns>One line that says what is used.</returns>
    public static string Use(BlasLibrary library)
    {
        Control.MaxDegreeOfParallelism = library.Threads;
        LinearAlgebraControl.Provider = new DenseProvider(library);
        return library.ToString();
    }
}
