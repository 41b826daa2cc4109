using System.Numerics;
using System.Runtime.Intrinsics;
using SoraHpc.LinearAlgebra.Managed;

namespace SoraHpc.LinearAlgebra.Native;

/// <summary>Products of matrices stored by rows through a native library, which stores by columns: it sees every matrix transposed. Those that libraries copy to
/// memory of their own without need go to the managed kernels, which have one thread, where the library has no more.</summary>
internal sealed unsafe class NativeProducts<T>(BlasFunctions functions, int threads) : MatrixProducts<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ManagedProducts<T> managed = new();

    public override void Multiply(bool transposeA, bool transposeB, int rows, int columns, int depth, T* a, int strideA, T* b, int strideB, T beta, T* c, int strideC)
    {
        if (rows == 0 || columns == 0)
            return;
        if (threads == 1 && IsNarrow(rows, columns, depth))
        {
            managed.Multiply(transposeA, transposeB, rows, columns, depth, a, strideA, b, strideB, beta, c, strideC);
            return;
        }
        byte operationA = (byte)(transposeA ? 'T' : 'N'), operationB = (byte)(transposeB ? 'T' : 'N');
        T one = T.One;
        functions.Gemm(&operationB, &operationA, &columns, &rows, &depth, &one, b, &strideB, a, &strideA, &beta, c, &strideC, 1, 1);
    }

    // So few columns that a block of B stays in L1 without being packed, enough to fill a tile, and so many products that OpenBLAS packs: below 10⁶ it has
    // kernels that do not. The shape and the processor's vectors decide: ranks on equal processors do alike.
    private static bool IsNarrow(int rows, int columns, int depth) =>
        Vector512.IsHardwareAccelerated && columns is >= 48 and <= 256 && (long)rows * columns * depth > 1_000_000;
}
