using System.Numerics;
using System.Runtime.CompilerServices;
using SoraHpc.Diagnostics;
using SoraHpc.Learning.Blocks;
using SoraHpc.Learning.Training;

namespace SoraHpc.Learning.Data;

/// <summary>Rows of a table as samples, for a training that takes them chunk by chunk (<see cref="TrainingOptions.ChunkBatches"/>): of every stratum of this rank one chunk is in
/// memory, and another one is read when it is asked for. Where all chunks fit they are kept. Either way samples are the same numbers. Used by one thread.</summary>
public sealed class ChunkedSamples<T> : ISamples<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly DataTable table;
    private readonly FittedPipeline pipeline;
    private readonly Strata strata;
    private readonly long firstRow;
    private readonly int chunk, firstStratum, width;
    private readonly T[]?[][] chunks;                       // of every own stratum: all its chunks where they are kept, else one
    private readonly int[] held;                            // of every own stratum: the chunk in memory where they are not kept

    /// <param name="table">With labels; its own memory limit is that of what is read at a time.</param>
    /// <param name="pipeline">Fitted; every row has to stay a row.</param>
    /// <param name="rows">The rows [begin, end) that are the samples.</param>
    /// <param name="own">The strata [begin, end) of this rank.</param>
    /// <param name="options">How they are taken: strata and chunks.</param>
    /// <param name="memoryLimit">Bytes that this rank's samples may take in memory.</param>
    /// <exception cref="UsageException">One chunk of every stratum takes more than the limit; the line says how much.</exception>
    public ChunkedSamples(DataTable table, FittedPipeline pipeline, (long Begin, long End) rows, (int Begin, int End) own, TrainingOptions options, long memoryLimit)
    {
        (this.table, this.pipeline, firstRow, firstStratum) = (table, pipeline, rows.Begin, own.Begin);
        Shape = new(pipeline.Steps.Count > 0 ? pipeline.Steps[^1].Output.Count : table.Columns.Count);
        width = Shape.Elements + 1;
        strata = new(rows.End - rows.Begin, options.Strata, options.MicroBatch);
        int longest = strata.Length(0), count = own.End - own.Begin;
        chunk = options.ChunkBatches == 0 ? longest : (int)Math.Min(longest, (long)options.ChunkBatches * options.MicroBatch);
        long all = (long)longest * count * width * Unsafe.SizeOf<T>(), least = (long)chunk * count * width * Unsafe.SizeOf<T>();
        if (least > memoryLimit)
            throw new UsageException($"{count} chunks of {chunk} rows take {least} B, and {memoryLimit} B are allowed: allow more, or take smaller chunks");
        IsKept = all <= memoryLimit;
        held = [.. Enumerable.Repeat(-1, count)];
        chunks = [.. Enumerable.Range(0, count).Select(_ => new T[]?[IsKept ? (longest + chunk - 1) / chunk : 1])];
    }

    /// <summary>Whether all samples of this rank stay in memory.</summary>
    public bool IsKept { get; }

    /// <summary>Chunks read so far.</summary>
    public long Reads { get; private set; }

    /// <summary>Bytes of samples in memory now.</summary>
    public long HeldBytes => chunks.Sum(own => own.Sum(each => (long)(each?.Length ?? 0) * Unsafe.SizeOf<T>()));

    /// <inheritdoc/>
    public long Count => strata.Samples;

    /// <inheritdoc/>
    public Shape Shape { get; }

    /// <inheritdoc/>
    public int Targets => 1;

    /// <inheritdoc/>
    // 4 B read and 4 B written a number of single precision; a chunk that is read from the file is copied once more, by each step of the pipeline.
    public void Read(ReadOnlySpan<long> indices, Span<T> inputs, Span<T> targets)
    {
        int stratum = firstStratum;
        for (int i = 0; i < indices.Length; i++)
        {
            while (indices[i] >= strata.Begin(stratum + 1))
                stratum++;
            (int number, int row) = Math.DivRem((int)(indices[i] - strata.Begin(stratum)), chunk);
            ReadOnlySpan<T> sample = ChunkOf(stratum, number).AsSpan(row * width, width);
            sample[..^1].CopyTo(inputs[(i * Shape.Elements)..]);
            targets[i] = sample[^1];
        }
    }

    private T[] ChunkOf(int stratum, int number)
    {
        int place = stratum - firstStratum;
        ref T[]? there = ref chunks[place][IsKept ? number : 0];
        if (there is not null && (IsKept || held[place] == number))
            return there;
        there ??= new T[checked((int)Math.Min(chunk, IsKept ? strata.Length(stratum) - (long)number * chunk : chunk) * width)];
        held[place] = number;
        Fill(there, strata.Begin(stratum) + (long)number * chunk, strata.Begin(stratum + 1));
        return there;
    }

    private void Fill(T[] into, long begin, long end)
    {
        Reads++;
        double[] row = new double[Shape.Elements];
        int at = 0;
        foreach (DataParticle read in table.Read(firstRow + begin, firstRow + Math.Min(begin + chunk, end)))
        {
            DataParticle particle = pipeline.Transform(read);
            if (particle.Count != read.Count)
                throw new SoraException($"rows {read.Rows[0]} to {read.Rows[^1]}: the pipeline left {particle.Count} of {read.Count}; rows that are read chunk by chunk all have to stay");
            if (particle.Labels.IsEmpty)
                throw new SoraException("the rows have no labels, so there is nothing to learn");
            for (int i = 0; i < particle.Count; i++)
            {
                particle.Features.CopyRow(i, row);
                foreach (double value in row)
                    into[at++] = T.CreateTruncating(value);
                into[at++] = T.CreateTruncating(particle.Labels[i]);
            }
        }
    }
}
