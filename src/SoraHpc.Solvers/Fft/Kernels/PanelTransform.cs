using SoraHpc.Communication;
using SoraHpc.Solvers.Fft.Lanes;

namespace SoraHpc.Solvers.Fft.Kernels;

/// <summary>Transforms as many lines at once as there are lanes.</summary>
internal abstract unsafe partial class PanelTransform : IDisposable
{
    /// <summary>Lines transformed by one <see cref="Run"/>.</summary>
    internal abstract int Lanes { get; }

    /// <summary>Transforms one panel of lines.</summary>
    /// <param name="lines">How they lie; their count is not looked at.</param>
    /// <param name="weights">A factor for every element of the input.</param>
    /// <param name="traffic">Of lines that are contiguous.</param>
    internal abstract void Run(FftDirection direction, in FftLines lines, double* input, double* output, double* weights, BatchTraffic traffic);

    /// <summary>The same in place, of lines side by side in a tile, while the neighbouring tiles are carried. At least two passes.</summary>
    /// <param name="columns">Numbers in a row of the tile.</param>
    /// <param name="first">The piece of <paramref name="cargo"/> that goes with element 0.</param>
    internal abstract void RunInTile(FftDirection direction, int columns, double* tile, double* weights, in TileCargo cargo, int first);

    public abstract void Dispose();
}

/// <summary>The transform of one length at one width, with the panels it works in.</summary>
/// <remarks>Decimation in time: the first pass reads in digit-reversed order, the others work in place, the last writes in natural order.
/// Lines that are contiguous are transposed into a panel first, so that lanes always run across lines and no pass shuffles.</remarks>
internal sealed unsafe partial class PanelTransform<T> : PanelTransform where T : unmanaged, ILanes<T>
{
    private readonly FftTables tables;
    private readonly Chirp? chirp;
    private readonly int length;
    private readonly AlignedBuffer<double> work, staging;

    /// <param name="tables">Of the length itself, where it has passes.</param>
    /// <param name="chirp">Where it has not; <paramref name="length"/> is then the length.</param>
    internal PanelTransform(FftTables? tables, Chirp? chirp, int length = 0)
    {
        this.chirp = chirp;
        this.tables = chirp?.Padded ?? tables!;
        this.length = chirp is null ? this.tables.Length : length;
        int doubles = checked(2 * T.Count * (this.tables.Length + 1));      // half a spectrum of real numbers has one more
        (work, staging) = (new(doubles), new(doubles));
    }

    internal override int Lanes => T.Count;

    internal override void Run(FftDirection direction, in FftLines lines, double* input, double* output, double* weights, BatchTraffic traffic)
    {
        if (direction == FftDirection.Forward)
            Run<ForwardOrder>(lines, input, output, weights, traffic);
        else
            Run<InverseOrder>(lines, input, output, weights, traffic);
    }

    internal override void RunInTile(FftDirection direction, int columns, double* tile, double* weights, in TileCargo cargo, int first)
    {
        if (direction == FftDirection.Forward)
            RunInTile<ForwardOrder>(2 * columns, tile, weights, cargo, first);
        else
            RunInTile<InverseOrder>(2 * columns, tile, weights, cargo, first);
    }

    private void Run<TOrder>(in FftLines lines, double* input, double* output, double* weights, BatchTraffic traffic) where TOrder : struct, IOrder
    {
        if (T.Count > 1 && !lines.AreSideBySide)
        {
            Stage(input, 2 * lines.InputDistance, 2 * length);
            Staged<TOrder>(weights, traffic.AsksAhead ? input + T.Count * 2 * lines.InputDistance : null);
            Unstage(output, 2 * lines.OutputDistance, 2 * length, traffic.BeyondCache);
        }
        else if (chirp is not null)
            Convolve<TOrder>(lines, beside: true, input, output, weights);
        else
            Passes(new LinesInput<T, TOrder>(input, 2 * lines.InputStride, tables.Order, weights), new LinesOutput<T, TOrder>(output, 2 * lines.OutputStride));
    }

    private void RunInTile<TOrder>(nint stride, double* tile, double* weights, in TileCargo cargo, int first) where TOrder : struct, IOrder
    {
        Pass(0, 1, new LinesInput<T, TOrder>(tile, stride, tables.Order, weights), new CarryingOutput<T>(work.Address, cargo, first));
        LaterPasses(new LinesOutput<T, TOrder>(tile, stride));
    }

    // What was staged becomes its spectrum in the panel, in natural order.
    private void Staged<TOrder>(double* weights, double* ahead) where TOrder : struct, IOrder
    {
        if (chirp is not null)
            Convolve<TOrder>(default, beside: false, null, null, weights);
        else
            Passes(new StagedInput<T, TOrder>(staging.Address, tables.Order, weights), new PanelOutput<T, TOrder>(work.Address), ahead);
    }

    // ahead: where the next panel comes from, if it is to be asked for.
    private void Passes<TIn, TOut>(TIn input, TOut output, double* ahead = null) where TIn : struct, IPassInput<T> where TOut : struct, IPassOutput<T>
    {
        if (tables.Factors.Length == 1)
        {
            Pass(0, 1, input, output);
            return;
        }
        if (ahead is not null)
            Pass(0, 1, input, new AheadOutput<T>(work.Address, ahead));
        else
            Pass(0, 1, input, new PanelOutput<T, ForwardOrder>(work.Address));
        LaterPasses(output);
    }

    private void LaterPasses<TOut>(TOut output) where TOut : struct, IPassOutput<T>
    {
        int last = tables.Factors.Length - 1, span = tables.Factors[0];
        for (int pass = 1; pass < last; pass++)
        {
            Pass(pass, span, new PanelInput<T>(work.Address, tables.TwiddlesOf(pass)), new PanelOutput<T, ForwardOrder>(work.Address));
            span *= tables.Factors[pass];
        }
        Pass(last, span, new PanelInput<T>(work.Address, tables.TwiddlesOf(last)), output);
    }

    private void Pass<TIn, TOut>(int pass, int span, TIn input, TOut output) where TIn : struct, IPassInput<T> where TOut : struct, IPassOutput<T>
    {
        int radix = tables.Factors[pass], blocks = tables.Length / (span * radix);
        switch (radix)
        {
            case 2: Butterflies.Pass2<T, TIn, TOut>(input, output, span, blocks); break;
            case 3: Butterflies.Pass3<T, TIn, TOut>(input, output, span, blocks); break;
            case 4: Butterflies.Pass4<T, TIn, TOut>(input, output, span, blocks); break;
            case 5: Butterflies.Pass5<T, TIn, TOut>(input, output, span, blocks); break;
            case 7: Butterflies.Pass7<T, TIn, TOut>(input, output, span, blocks); break;
            case 8: Butterflies.Pass8<T, TIn, TOut>(input, output, span, blocks); break;
            default: Butterflies.Pass1<T, TIn, TOut>(input, output); break;
        }
    }

    // staging ← input · chirp, padded; work ← its spectrum · the chirp's; staging ← back; output ← staging · chirp.
    private void Convolve<TOrder>(in FftLines lines, bool beside, double* input, double* output, double* weights) where TOrder : struct, IOrder
    {
        int* natural = stackalloc int[1];
        PanelInput<T> staged = new(staging.Address, chirp!.Factors);
        PanelOutput<T, ForwardOrder> panel = new(staging.Address);
        for (int j = 0; j < length; j++)
        {
            T re, im;
            if (beside)
                new LinesInput<T, TOrder>(input + j * 2 * lines.InputStride, 0, natural, weights + j).LoadFirst(0, out re, out im);
            else
                new StagedInput<T, TOrder>(staging.Address + (nint)j * 2 * T.Count, natural, weights + j).LoadFirst(0, out re, out im);
            panel.Store(j, re, im);
            staged.Load(j, j, out re, out im);
            panel.Store(j, re, im);
        }
        new Span<double>(staging.Address + (nint)length * 2 * T.Count, (tables.Length - length) * 2 * T.Count).Clear();
        Passes(new StagedInput<T, ForwardOrder>(staging.Address, tables.Order, tables.Ones), new PanelOutput<T, ForwardOrder>(work.Address));
        Multiply(work.Address, chirp.Spectrum, tables.Length);
        Buffer.MemoryCopy(work.Address, staging.Address, staging.Length * sizeof(double), staging.Length * sizeof(double));
        Passes(new StagedInput<T, InverseOrder>(staging.Address, tables.Order, tables.Ones), new PanelOutput<T, InverseOrder>(work.Address));
        Multiply(work.Address, chirp.Factors, length);
        StoreConvolved<TOrder>(lines, beside, output);
    }

    private static void Multiply(double* panel, double* factors, int count)
    {
        PanelInput<T> input = new(panel, factors);
        PanelOutput<T, ForwardOrder> result = new(panel);
        for (int j = 0; j < count; j++)
        {
            input.Load(j, j, out T re, out T im);
            result.Store(j, re, im);
        }
    }

    private void StoreConvolved<TOrder>(in FftLines lines, bool beside, double* output) where TOrder : struct, IOrder
    {
        PanelInput<T> panel = new(work.Address, null);
        LinesOutput<T, TOrder> direct = new(output, 2 * lines.OutputStride);
        PanelOutput<T, TOrder> staged = new(work.Address);
        for (int j = 0; j < length; j++)
        {
            panel.LoadFirst(j, out T re, out T im);
            if (beside)
                direct.Store(j, re, im);
            else
                staged.Store(j, re, im);
        }
    }

    // Contiguous lines into a panel, in natural order: squares of as many doubles a side as there are lanes.
    private void Stage(double* input, nint distance, int doubles)
    {
        double* panel = staging.Address;
        int done = doubles / T.Count * T.Count;
        for (int d = 0; d < done; d += T.Count)
            T.Transpose(input + d, distance, panel + (nint)d * T.Count, T.Count);
        for (int d = done; d < doubles; d++)
            for (int lane = 0; lane < T.Count; lane++)
                panel[(nint)d * T.Count + lane] = input[lane * distance + d];
    }

    // The panel into contiguous lines. Past the cache they go whole from a copy in the nearest one, for a line may begin anywhere.
    private void Unstage(double* output, nint distance, int doubles, bool beyondCache)
    {
        if (!beyondCache || distance != doubles || (nint)output % (T.Count * sizeof(double)) != 0)
        {
            Transpose(work.Address, output, distance, doubles);
            return;
        }
        Transpose(work.Address, staging.Address, distance, doubles);
        for (int d = 0; d < doubles * T.Count; d += T.Count)
            T.StoreBeyondCache(T.Load(staging.Address + d), output + d);
    }

    private static void Transpose(double* panel, double* output, nint distance, int doubles)
    {
        int done = doubles / T.Count * T.Count;
        for (int d = 0; d < done; d += T.Count)
            T.Transpose(panel + (nint)d * T.Count, T.Count, output + d, distance);
        for (int d = done; d < doubles; d++)
            for (int lane = 0; lane < T.Count; lane++)
                output[lane * distance + d] = panel[(nint)d * T.Count + lane];
    }

    public override void Dispose()
    {
        foreach (IDisposable owned in (IDisposable[])[work, staging])
            owned.Dispose();
    }
}
