using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.LinearAlgebra.Managed;
using SoraHpc.Solvers.Operators;
using SoraHpc.Solvers.Vectors;

namespace SoraHpc.Solvers.Preconditioners;

/// <summary>Division by the diagonal. Its bits do not depend on how the rows are cut.</summary>
public sealed unsafe class JacobiPreconditioner : IPreconditioner, IDisposable
{
    private readonly DistributedVector inverse;

    /// <summary>Takes the diagonal of <paramref name="matrix"/>. Collective.</summary>
    /// <exception cref="SoraException">An entry of the diagonal is zero or not finite.</exception>
    public JacobiPreconditioner(ILinearOperator matrix)
    {
        inverse = new(matrix.Layout);
        matrix.Diagonal(inverse);
        Span<double> local = inverse.Local;
        long wrong = long.MaxValue;
        for (int i = local.Length - 1; i >= 0; i--)
        {
            if (local[i] == 0 || !double.IsFinite(local[i]))
                wrong = matrix.Layout.Begin + i;
            local[i] = 1 / local[i];
        }
        wrong = matrix.Layout.Communicator.Allreduce(wrong, ReduceOperation.Min);
        if (wrong != long.MaxValue)
            throw new SoraException($"Jacobi: the diagonal is zero or not finite in row {wrong} (rank {matrix.Layout.RankOf(wrong)}): use another preconditioner");
    }

    /// <inheritdoc/>
    public void Apply(DistributedVector r, DistributedVector z) =>
        VectorKernels.Multiply<double>(r.Fitting(inverse.Layout).Local, inverse.Local, z.Fitting(inverse.Layout).Local);

    /// <summary>Frees the diagonal. Local.</summary>
    public void Dispose() => inverse.Dispose();
}
