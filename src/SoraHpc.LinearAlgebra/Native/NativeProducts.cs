using System.Numerics;

namespace SoraHpc.LinearAlgebra.Native;

/// <summary>Products of matrices stored by rows through a native library, which stores by columns: it sees every matrix transposed.</summary>
internal sealed unsafe class NativeProducts<T>(BlasFunctions functions) : MatrixProducts<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override void Multiply(bool transposeA, bool transposeB, int rows, int columns, int depth, T* a, int strideA, T* b, int strideB, T beta, T* c, int strideC)
    {
        if (rows == 0 || columns == 0)
            return;
        byte operationA = (byte)(transposeA ? 'T' : 'N'), operationB = (byte)(transposeB ? 'T' : 'N');
        T one = T.One;
        functions.Gemm(&operationB, &operationA, &columns, &rows, &depth, &one, b, &strideB, a, &strideA, &beta, c, &strideC, 1, 1);
    }
}
