namespace SoraHpc.LinearAlgebra.Native;

/// <summary>Kernels on parts of matrices through a native library.</summary>
internal sealed unsafe class NativeKernels(BlasFunctions functions) : MatrixKernels
{
    private const byte No = (byte)'N', Yes = (byte)'T', Left = (byte)'L', Right = (byte)'R', Lower = (byte)'L', Upper = (byte)'U', Unit = (byte)'U';

    public override void Multiply(int rows, int columns, int depth, double alpha, double* a, int leadingA, double* b, int leadingB, bool transposeB, double beta, double* c, int leadingC)
    {
        if (rows == 0 || columns == 0)
            return;
        byte asIs = No, operation = transposeB ? Yes : No;
        functions.Gemm(&asIs, &operation, &rows, &columns, &depth, &alpha, a, &leadingA, b, &leadingB, &beta, c, &leadingC, 1, 1);
    }

    public override void SolveLower(int order, int columns, double* lower, int leadingL, bool unitDiagonal, double* b, int leadingB) =>
        Solve(Left, Lower, No, unitDiagonal ? Unit : No, order, columns, lower, leadingL, b, leadingB);

    public override void SolveUpper(int order, int columns, double* upper, int leadingU, double* b, int leadingB) =>
        Solve(Left, Upper, No, No, order, columns, upper, leadingU, b, leadingB);

    public override void SolveLowerTransposedFromRight(int rows, int order, double* lower, int leadingL, double* b, int leadingB) =>
        Solve(Right, Lower, Yes, No, rows, order, lower, leadingL, b, leadingB);

    public override int FactorCholesky(int order, double* a, int leading)
    {
        if (order == 0)
            return -1;
        int info = new NativeCholesky<double>(functions, a, leading).Factor(order);
        return info > 0 ? info - 1 : FirstBadPivot(order, a, leading);
    }

    private void Solve(byte side, byte triangle, byte transpose, byte diagonal, int rows, int columns, double* a, int leadingA, double* b, int leadingB)
    {
        if (rows == 0 || columns == 0)
            return;
        double one = 1;
        functions.Trsm(&side, &triangle, &transpose, &diagonal, &rows, &columns, &one, a, &leadingA, b, &leadingB, 1, 1, 1, 1);
    }
}
