using System.Numerics;
using SoraHpc.Diagnostics;
using SoraHpc.Learning.Blocks;
using SoraHpc.Solvers.RandomNumbers;

namespace SoraHpc.Learning.Training;

/// <summary>Changes the samples of a micro-batch in place. Allocates nothing; used by one thread.</summary>
internal sealed class Augmenter<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Streams of a seed, one for each epoch: samples of forests have those from 2⁵⁹ on.
    private const ulong MoveStream = 1UL << 60, NoiseStream = MoveStream + (1UL << 32);

    // Random numbers of a sample in an epoch: six for its move, two for its partner.
    private const int Draws = 8;

    private readonly Augmentation augmentation;
    private readonly int each, targetsEach, mixedTargets, rows, columns, channels;
    private readonly bool hasClasses;
    private readonly ulong seed;
    private readonly double[] draws = new double[Draws], noise;
    private readonly T[] inputsBefore, targetsBefore;

    internal Augmenter(Augmentation augmentation, ISamples<T> samples, TrainingOptions options)
    {
        if (augmentation.MovesPixels && samples.Shape.Rank != 3)
            throw new UsageException($"shifts, turns, stretches and slants are for images, and samples are {samples.Shape}: give rows × columns × channels, or noise and mixing alone");
        (this.augmentation, each, targetsEach, seed) = (augmentation, samples.Shape.Elements, samples.Targets, options.Seed);
        (rows, columns, channels) = augmentation.MovesPixels ? (samples.Shape[0], samples.Shape[1], samples.Shape[2]) : (0, 0, 0);
        hasClasses = options.Loss != Loss.MeanSquaredError;
        mixedTargets = hasClasses ? 0 : targetsEach - (options.IsWeighted ? 1 : 0);         // a weight stays
        noise = new double[augmentation.Noise > 0 ? each : 0];
        (inputsBefore, targetsBefore) = (new T[options.MicroBatch * each], new T[options.MicroBatch * targetsEach]);
    }

    /// <summary>Moves pixels, then mixes, then adds noise.</summary>
    internal void Apply(in Pass pass, Span<T> inputs, Span<T> targets)
    {
        RandomSequence random = new(seed, MoveStream + (ulong)pass.Epoch), normal = new(seed, NoiseStream + (ulong)pass.Epoch);
        if (augmentation.MovesPixels)
        {
            inputs.CopyTo(inputsBefore);
            for (int i = 0; i < pass.Samples; i++)
            {
                random.FillUniform(pass.Indices[i] * Draws, draws);
                MovePixels(inputsBefore.AsSpan(i * each, each), inputs.Slice(i * each, each));
            }
        }
        if (augmentation.Mix > 0)
            MixSamples(pass, random, inputs, targets);
        for (int i = 0; i < pass.Samples && noise.Length > 0; i++)
        {
            normal.FillNormal(pass.Indices[i] * each, noise);
            Span<T> input = inputs.Slice(i * each, each);
            for (int j = 0; j < each; j++)
                input[j] += T.CreateTruncating(augmentation.Noise * noise[j]);
        }
    }

    private void MixSamples(in Pass pass, RandomSequence random, Span<T> inputs, Span<T> targets)
    {
        inputs.CopyTo(inputsBefore);
        targets.CopyTo(targetsBefore);
        for (int i = 0; i < pass.Samples; i++)
        {
            random.FillUniform(pass.Indices[i] * Draws, draws);
            if (Partner(i, pass.Samples, draws[6]) is not (>= 0 and int partner))
                continue;
            T share = T.CreateTruncating(augmentation.Mix * draws[7]);
            Take(share, inputsBefore.AsSpan(partner * each, each), inputs.Slice(i * each, each));
            Take(share, targetsBefore.AsSpan(partner * targetsEach, mixedTargets), targets.Slice(i * targetsEach, mixedTargets));
        }
    }

    // One of the others that it may be mixed with, each as likely; −1 where there is none.
    private int Partner(int sample, int samples, double draw)
    {
        bool Goes(int other) => other != sample && (!hasClasses || targetsBefore[other * targetsEach] == targetsBefore[sample * targetsEach]);
        int candidates = 0;
        for (int other = 0; other < samples; other++)
            candidates += Goes(other) ? 1 : 0;
        int left = (int)(draw * candidates);
        for (int other = 0; other < samples; other++)
            if (Goes(other) && left-- == 0)
                return other;
        return -1;
    }

    private static void Take(T share, ReadOnlySpan<T> from, Span<T> into)
    {
        for (int i = 0; i < into.Length; i++)
            into[i] += share * (from[i] - into[i]);
    }

    // Every pixel takes the number at its place in the image before, between four pixels; all is in the first-level cache for images of some thousand pixels.
    private void MovePixels(ReadOnlySpan<T> from, Span<T> to)
    {
        double Between(int draw, double most) => most * (2 * draws[draw] - 1);
        (double sine, double cosine) = Math.SinCos(Between(2, augmentation.Turn));
        double high = 1 + Between(3, augmentation.Stretch), wide = 1 + Between(4, augmentation.Stretch), slant = Between(5, augmentation.Slant);
        double middleRow = (rows - 1) / 2.0, middleColumn = (columns - 1) / 2.0, down = middleRow + Between(0, augmentation.Shift), right = middleColumn + Between(1, augmentation.Shift);
        for (int row = 0; row < rows; row++)
            for (int column = 0; column < columns; column++)
            {
                double y = high * (row - middleRow), x = wide * (column - middleColumn) + slant * (row - middleRow);
                Interpolate(from, down + cosine * y - sine * x, right + sine * y + cosine * x, to.Slice((row * columns + column) * channels, channels));
            }
    }

    private void Interpolate(ReadOnlySpan<T> from, double row, double column, Span<T> pixel)
    {
        (int top, int left) = ((int)Math.Floor(row), (int)Math.Floor(column));
        (T below, T right) = (T.CreateTruncating(row - top), T.CreateTruncating(column - left));
        for (int channel = 0; channel < pixel.Length; channel++)
            pixel[channel] = (T.One - below) * ((T.One - right) * At(from, top, left, channel) + right * At(from, top, left + 1, channel))
                + below * ((T.One - right) * At(from, top + 1, left, channel) + right * At(from, top + 1, left + 1, channel));
    }

    private T At(ReadOnlySpan<T> image, int row, int column, int channel) =>
        (uint)row < (uint)rows && (uint)column < (uint)columns ? image[(row * columns + column) * channels + channel] : T.Zero;
}
