using System.Numerics;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.Learning.Blocks;

namespace SoraHpc.Learning.Compression;

/// <summary>Weights of a linear block in bytes, unit by unit, with a scale each: what <see cref="QuantisedDenseLayer"/> and
/// <see cref="QuantisedConvolutionLayer"/> multiply with.</summary>
internal sealed unsafe class QuantisedWeights : IDisposable
{
    private const float RoundingOffset = 12582912;         // 1.5·2²³: added, it leaves the nearest whole number, the even one of two, in the low bits

    private readonly AlignedBuffer<sbyte> units;
    private readonly AlignedBuffer<int> sums;
    private readonly float[] scales, bias;

    /// <param name="parameters">Weights of inputs × units, and bias; copied.</param>
    /// <param name="rows">Most rows of one product.</param>
    internal QuantisedWeights(ReadOnlyMemory<Parameter<float>> parameters, int rows)
    {
        Parameter<float> weights = parameters.Span[0];
        (int inputs, int count) = (weights.Tensor.Shape[0], weights.Tensor.Shape[1]);
        Depth = ByteProducts.Padded(inputs);
        if (Depth > ByteProducts.LongestRow)
            throw new UsageException($"{inputs} inputs of one unit are too many for sums in 32 bits, at most {ByteProducts.LongestRow}: keep this block in single precision");
        CodedTensor coded = Quantisation.Of(weights.Values, count);
        (scales, bias) = (coded.Scales, parameters.Span[1].Values.ToArray());
        (units, sums) = (new(checked(count * Depth)), new(checked(rows * count)));
        for (int i = 0; i < coded.Codes.Length; i++)
            units.Address[(long)(i % count) * Depth + i / count] = (sbyte)(coded.Codes[i] - Quantisation.Largest);
    }

    /// <summary>Bytes of a row, padding included.</summary>
    internal int Depth { get; }

    /// <summary>Rounds numbers to bytes.</summary>
    /// <returns>Their scale.</returns>
    // 8 B read a number, once from memory and once from cache, 1 B written.
    internal static float Round(ReadOnlySpan<float> numbers, Span<sbyte> bytes)
    {
        Vector<float> most = default;
        int i = 0;
        for (; i <= numbers.Length - Vector<float>.Count; i += Vector<float>.Count)
            most = Vector.Max(most, Vector.Abs(new Vector<float>(numbers[i..])));
        float largest = 0;
        for (int lane = 0; lane < Vector<float>.Count; lane++)
            largest = Math.Max(largest, most[lane]);
        for (; i < numbers.Length; i++)
            largest = Math.Max(largest, Math.Abs(numbers[i]));
        float scale = Quantisation.ScaleOf(largest), inverse = 1 / scale;
        for (i = 0; i <= numbers.Length - Vector<sbyte>.Count; i += Vector<sbyte>.Count)
            Vector.Narrow(Vector.Narrow(Levels(numbers[i..], inverse), Levels(numbers[(i + Vector<int>.Count)..], inverse)),
                Vector.Narrow(Levels(numbers[(i + 2 * Vector<int>.Count)..], inverse), Levels(numbers[(i + 3 * Vector<int>.Count)..], inverse))).CopyTo(bytes[i..]);
        for (; i < numbers.Length; i++)
            bytes[i] = (sbyte)Quantisation.LevelOf(numbers[i], inverse);
        return scale;
    }

    /// <summary>y = scales·(rows·units) + bias.</summary>
    /// <param name="rows">Of <see cref="Depth"/> bytes.</param>
    /// <param name="rowScales">One for each row, or one for all.</param>
    internal void Multiply(sbyte* rows, ReadOnlySpan<float> rowScales, int rowCount, Span<float> output)
    {
        ByteProducts.Multiply(rowCount, scales.Length, Depth, rows, units.Address, sums.Address);
        for (int row = 0; row < rowCount; row++)
        {
            Span<float> y = output.Slice(row * scales.Length, scales.Length);
            ReadOnlySpan<int> sum = new(sums.Address + (long)row * scales.Length, scales.Length);
            float rowScale = rowScales[row % rowScales.Length];
            int i = 0;
            for (; i <= y.Length - Vector<float>.Count; i += Vector<float>.Count)
                (Vector.ConvertToSingle(new Vector<int>(sum[i..])) * (new Vector<float>(scales, i) * rowScale) + new Vector<float>(bias, i)).CopyTo(y[i..]);
            for (; i < y.Length; i++)
                y[i] = sum[i] * (scales[i] * rowScale) + bias[i];
        }
    }

    public void Dispose()
    {
        ((IDisposable)units).Dispose();
        ((IDisposable)sums).Dispose();
    }

    private static Vector<int> Levels(ReadOnlySpan<float> numbers, float inverse) =>
        Vector.AsVectorInt32(new Vector<float>(numbers) * inverse + new Vector<float>(RoundingOffset)) - new Vector<int>(BitConverter.SingleToInt32Bits(RoundingOffset));
}
