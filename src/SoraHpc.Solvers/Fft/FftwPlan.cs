using System.Numerics;
using SoraHpc.Diagnostics;
using SoraHpc.Solvers.Fft.Fftw;

namespace SoraHpc.Solvers.Fft;

/// <summary>Transforms of one length by the system's FFTW 3. A layout is planned when it is first used; after that nothing is allocated.</summary>
public sealed unsafe class FftwPlan : ILocalFft
{
    private readonly FftwLibrary fftw;
    private readonly Dictionary<(FftDirection, FftLines, bool InPlace), nint> plans = [];

    /// <param name="length">Numbers in a line, in [1, <see cref="FftPlan.Longest"/>].</param>
    /// <exception cref="UsageException">The length is out of range.</exception>
    /// <exception cref="SoraException">FFTW is not on this machine.</exception>
    public FftwPlan(int length)
    {
        if (length is < 1 or > FftPlan.Longest)
            throw new UsageException($"an FFT of length {length}: it must be between 1 and {FftPlan.Longest}");
        Length = length;
        fftw = FftwLibrary.Load();
    }

    /// <summary>Whether FFTW 3 is on this machine.</summary>
    public static bool IsAvailable => FftwLibrary.IsThere;

    /// <inheritdoc/>
    public int Length { get; }

    /// <inheritdoc/>
    public void Transform(FftDirection direction, in FftLines lines, Complex* input, Complex* output, ReadOnlySpan<double> weights = default)
    {
        if (weights.Length != 0 && weights.Length != Length)
            throw new UsageException($"{weights.Length} weights for an FFT of length {Length}");
        if (lines.Count == 0)
            return;
        FftLines planned = lines;
        if (weights.Length != 0)
        {
            Weight(lines, input, output, weights);
            planned = lines with { InputStride = lines.OutputStride, InputDistance = lines.OutputDistance };
            input = output;
        }
        fftw.Execute(PlanOf(direction, planned, input, output), input, output);
    }

    private nint PlanOf(FftDirection direction, in FftLines lines, Complex* input, Complex* output)
    {
        if (plans.TryGetValue((direction, lines, input == output), out nint plan))
            return plan;
        int length = Length, sign = direction == FftDirection.Forward ? FftwLibrary.ForwardSign : FftwLibrary.InverseSign;
        using (FftwLibrary.Planner.EnterScope())
            plan = fftw.PlanMany(1, &length, lines.Count, input, null, checked((int)lines.InputStride), checked((int)lines.InputDistance),
                output, null, checked((int)lines.OutputStride), checked((int)lines.OutputDistance), sign, FftwLibrary.Estimate | FftwLibrary.Unaligned);
        if (plan == 0)
            throw new SoraException($"FFTW has no plan for {lines.Count} lines of {Length}: use our own transforms");
        return plans[(direction, lines, input == output)] = plan;
    }

    // The loop over what lies closer is the inner one.
    private void Weight(in FftLines lines, Complex* input, Complex* output, ReadOnlySpan<double> weights)
    {
        if (lines.InputDistance == 1)
            for (int j = 0; j < Length; j++)
                for (int line = 0; line < lines.Count; line++)
                    output[j * lines.OutputStride + line * lines.OutputDistance] = input[j * lines.InputStride + line] * weights[j];
        else
            for (int line = 0; line < lines.Count; line++)
                for (int j = 0; j < Length; j++)
                    output[j * lines.OutputStride + line * lines.OutputDistance] = input[j * lines.InputStride + line * lines.InputDistance] * weights[j];
    }

    public void Dispose()
    {
        using (FftwLibrary.Planner.EnterScope())
            foreach (nint plan in plans.Values)
                fftw.Destroy(plan);
        plans.Clear();
    }
}
