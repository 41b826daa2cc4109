using System.Numerics;
using SoraHpc.Solvers.Fft;

namespace SoraHpc.Jobs.Npb.Ft;

/// <summary>The solution at one time from the initial field's spectrum.</summary>
internal sealed class FtStep(DistributedFft fft, FtProblem sizes, double alpha)
{
    private readonly double[] alongPlanes = new double[sizes.Planes], alongRows = new double[sizes.Rows], alongColumns = new double[sizes.Columns];

    /// <summary>field = F⁻¹[spectrum · exp(−4π²α·k²·t)]. Allocates nothing. Collective.</summary>
    internal void Run(int t, ReadOnlySpan<Complex> spectrum, Span<Complex> field)
    {
        foreach (double[] along in (ReadOnlySpan<double[]>)[alongPlanes, alongRows, alongColumns])
            for (int k = 0; k < along.Length; k++)
            {
                double wave = k < along.Length / 2 ? k : k - along.Length;
                along[k] = Math.Exp(-4.0 * Math.PI * Math.PI * alpha * wave * wave * t);
            }
        fft.Inverse(spectrum, field, alongPlanes, alongRows, alongColumns);
    }
}
