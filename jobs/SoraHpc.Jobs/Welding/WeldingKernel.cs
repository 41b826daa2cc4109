using System.Numerics;
using SoraHpc.Communication;
using SoraHpc.Decomposition;
using SoraHpc.Diagnostics;
using SoraHpc.Runtime;

namespace SoraHpc.Jobs.Welding;

/// <summary>One step of the plate: heat conducted and lost, vectorised along rows; then laser and phase change, cell by cell.</summary>
/// <param name="diffusionNumber">α·Δt/Δx², in (0, ¼).</param>
/// <param name="repetitions">Times all is computed, ≥ 1, to be as slow as a slower processor; the result is the same.</param>
public sealed unsafe class WeldingKernel(double diffusionNumber, Laser laser, int repetitions)
{
    /// <summary>A substep takes about as long as this many cells conduct heat: two exponentials beside a few loads.</summary>
    public const double SubstepWork = 20;

    /// <summary>Conducts into the cells of <paramref name="box"/>; reads one cell around it, halo included.</summary>
    /// <param name="u">Temperature now [K above the edge], halo filled.</param>
    /// <param name="next">Temperature afterwards.</param>
    public void Conduct(Patch<double> u, Patch<double> next, Block box)
    {
        for (int repetition = 0; repetition < repetitions; repetition++)
            for (long row = box.Begin.Row; row < box.End.Row; row++)
            {
                Cell first = new(row, box.Begin.Column);
                ConductRow(u.Origin + u.OffsetOf(first), u.RowStride, next.Origin + next.OffsetOf(first), box.Columns, diffusionNumber);
            }
    }

    /// <summary>Heats the block's own cells by the laser and lets their phase change.</summary>
    /// <param name="u">Temperature after conduction [K above the edge], updated.</param>
    /// <param name="fraction">Fraction transformed, in [0, 1], updated.</param>
    /// <param name="middle">Row and column of the laser's middle.</param>
    /// <returns>Work done, <see cref="SubstepWork"/> a substep.</returns>
    public double Transform(Patch<double> u, Patch<double> fraction, (double Row, double Column) middle)
    {
        long substeps = 0;
        for (long row = u.Block.Begin.Row; row < u.Block.End.Row; row++)
        {
            Span<double> temperatures = u.Row(row), fractions = fraction.Row(row);
            Heat(temperatures, row - middle.Row, u.Block.Begin.Column - middle.Column);
            for (int i = 0; i < temperatures.Length; i++)
                if (temperatures[i] > Steel.Cold)
                    substeps += ChangePhase(ref temperatures[i], ref fractions[i]);
        }
        return SubstepWork * substeps;
    }

    /// <summary>Steps a plate of its own, a twentieth of it as hot as under the laser; returns the work done.</summary>
    internal double Probe()
    {
        const int Rows = 128, Columns = 512, Stride = Columns + 16, Hot = 3000;
        using AlignedBuffer<double> u = new((Rows + 2) * Stride), next = new((Rows + 2) * Stride);
        long substeps = 0;
        for (int repetition = 0; repetition < repetitions; repetition++)
            for (int row = 1; row <= Rows; row++)
                ConductRow(u.Address + row * Stride + 8, Stride, next.Address + row * Stride + 8, Columns, diffusionNumber);
        for (int cell = 0; cell < Hot; cell++)
        {
            double temperature = 800, fraction = 0.5;
            substeps += ChangePhase(ref temperature, ref fraction);
        }
        return (double)Rows * Columns + SubstepWork * substeps;
    }

    // Traffic per cell: 8 B read (the rows above and below are still in cache) + 8 B written with its 8 B write-allocate. Body and tail
    // do the same operations in the same order, so a cell's bits do not depend on where cuts fall.
    private static void ConductRow(double* u, long stride, double* next, long cells, double r)
    {
        double* north = u - stride, south = u + stride;
        long i = 0;
        for (; i <= cells - Vector<double>.Count; i += Vector<double>.Count)
        {
            Vector<double> here = Vector.Load(u + i);
            Vector<double> sum = Vector.Load(u + i - 1) + Vector.Load(u + i + 1) + (Vector.Load(north + i) + Vector.Load(south + i));
            (here + r * (sum - 4.0 * here) - Steel.Cooling * here).Store(next + i);
        }
        for (; i < cells; i++)
            next[i] = u[i] + r * (u[i - 1] + u[i + 1] + (north[i] + south[i]) - 4.0 * u[i]) - Steel.Cooling * u[i];
    }

    // Beyond three radii the beam is under 1/8000 of its middle and left out.
    private void Heat(Span<double> temperatures, double rows, double columns)
    {
        double reach = 3 * laser.Radius;
        if (Math.Abs(rows) >= reach)
            return;
        for (int i = 0; i < temperatures.Length; i++)
            if (Math.Abs(columns + i) < reach)
                temperatures[i] += laser.Power * Math.Exp(-(rows * rows + (columns + i) * (columns + i)) / (laser.Radius * laser.Radius));
    }

    private int ChangePhase(ref double u, ref double fraction)
    {
        double rate = RateAt(Steel.Ambient + u), wanted = Math.Ceiling(rate / Steel.LargestSubstep);
        if (!(wanted <= Steel.MostSubsteps))
            throw new SoraException($"a cell is {u:G4} K above the edge, too hot for this model of steel: use a weaker or faster laser");
        int substeps = Math.Max(1, (int)wanted);
        double duration = 1.0 / substeps, temperature = u, transformed = fraction;
        for (int repetition = 0; repetition < repetitions; repetition++)
        {
            (temperature, transformed) = (u, fraction);
            for (int n = 0; n < substeps; n++)
            {
                double absolute = Steel.Ambient + temperature;
                double equilibrium = 1 / (1 + Math.Exp((Steel.Transition - absolute) / Steel.Width));
                double change = duration * RateAt(absolute) * (equilibrium - transformed);
                transformed += change;
                temperature -= Steel.Latent * change;
            }
        }
        (u, fraction) = (temperature, transformed);
        return substeps;
    }

    private static double RateAt(double absolute) => Steel.Rate * Math.Exp(Steel.Activation * (1 / Steel.Reference - 1 / absolute));
}
