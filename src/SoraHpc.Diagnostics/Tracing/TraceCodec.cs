using System.Runtime.InteropServices;

namespace SoraHpc.Diagnostics.Tracing;

/// <summary>Traces as bytes: numbers as they are in memory, little-endian; lists of ranks without their zeros.</summary>
public static class TraceCodec
{
    private const int Format = 1, MostRanks = 1 << 24;

    /// <summary>A rank's trace as bytes.</summary>
    public static byte[] Write(RankTrace trace)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        Write(writer, trace);
        writer.Flush();
        return bytes.ToArray();
    }

    /// <summary>The trace <see cref="Write(RankTrace)"/> made bytes of.</summary>
    /// <exception cref="SoraException">They are no trace, or of another version.</exception>
    public static RankTrace ReadRank(byte[] bytes) => Read(bytes, ReadRank);

    /// <summary>A run's trace as bytes.</summary>
    public static byte[] Write(RunTrace trace)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        writer.Write(Format);
        writer.Write(trace.Title);
        writer.Write(trace.Facts.Count);
        foreach ((string name, string value) in trace.Facts)
        {
            writer.Write(name);
            writer.Write(value);
        }
        writer.Write(trace.Joules);
        writer.Write(trace.Seconds);
        WriteArray<LoadPoint>(writer, [.. trace.Imbalance]);
        writer.Write(trace.Ranks.Count);
        foreach (RankTrace rank in trace.Ranks)
            Write(writer, rank);
        writer.Flush();
        return bytes.ToArray();
    }

    /// <summary>The trace <see cref="Write(RunTrace)"/> made bytes of.</summary>
    /// <exception cref="SoraException">They are no trace, or of another version.</exception>
    public static RunTrace ReadRun(byte[] bytes) => Read(bytes, reader =>
    {
        if (reader.ReadInt32() is not Format and var format)
            throw new SoraException($"a trace of format {format}, this program reads {Format}: make the report with the program that made the trace");
        return new RunTrace
        {
            Title = reader.ReadString(), Facts = [.. Enumerable.Range(0, reader.ReadInt32()).Select(_ => KeyValuePair.Create(reader.ReadString(), reader.ReadString()))],
            Joules = reader.ReadDouble(), Seconds = reader.ReadDouble(), Imbalance = ReadArray<LoadPoint>(reader),
            Ranks = [.. Enumerable.Range(0, reader.ReadInt32()).Select(_ => ReadRank(reader))],
        };
    });

    private static T Read<T>(byte[] bytes, Func<BinaryReader, T> read)
    {
        try
        {
            using var reader = new BinaryReader(new MemoryStream(bytes));
            return read(reader);
        }
        catch (Exception wrong) when (wrong is IOException or ArgumentException or FormatException or OverflowException)
        {
            throw new SoraException("the trace is damaged", wrong);
        }
    }

    private static void Write(BinaryWriter writer, RankTrace trace)
    {
        writer.Write(trace.Rank);
        writer.Write(trace.Host);
        writer.Write(trace.Process);
        writer.Write(trace.ClockError);
        writer.Write(trace.Lost);
        writer.Write(trace.Begin);
        writer.Write(trace.BinWidth);
        writer.Write(trace.Steps);
        writer.Write(trace.Work);
        WriteArray<TraceEvent>(writer, trace.Spans);
        WriteArray<float>(writer, trace.Profile);
        WriteArray<double>(writer, trace.Seconds);
        WriteArray<long>(writer, trace.Calls);
        WriteArray<long>(writer, trace.Bytes);
        foreach (long[] list in (long[][])[trace.SentBytes, trace.SentMessages, trace.TasksFrom, trace.StealsFrom])
            WriteSparse(writer, list);
    }

    private static RankTrace ReadRank(BinaryReader reader) => new()
    {
        Rank = reader.ReadInt32(), Host = reader.ReadString(), Process = reader.ReadInt32(), ClockError = reader.ReadDouble(), Lost = reader.ReadInt64(),
        Begin = reader.ReadInt64(), BinWidth = reader.ReadDouble(), Steps = reader.ReadInt64(), Work = reader.ReadInt64(),
        Spans = ReadArray<TraceEvent>(reader), Profile = ReadArray<float>(reader), Seconds = ReadArray<double>(reader), Calls = ReadArray<long>(reader),
        Bytes = ReadArray<long>(reader), SentBytes = ReadSparse(reader), SentMessages = ReadSparse(reader), TasksFrom = ReadSparse(reader), StealsFrom = ReadSparse(reader),
    };

    private static void WriteArray<T>(BinaryWriter writer, T[] values) where T : unmanaged
    {
        writer.Write(values.Length);
        writer.Write(MemoryMarshal.AsBytes(values.AsSpan()));
    }

    private static unsafe T[] ReadArray<T>(BinaryReader reader) where T : unmanaged
    {
        int length = CheckLength(reader, reader.ReadInt32(), sizeof(T));
        T[] values = new T[length];
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }

    private static void WriteSparse(BinaryWriter writer, long[] values)
    {
        writer.Write(values.Length);
        writer.Write(values.Count(value => value != 0));
        for (int i = 0; i < values.Length; i++)
            if (values[i] != 0)
            {
                writer.Write(i);
                writer.Write(values[i]);
            }
    }

    private static long[] ReadSparse(BinaryReader reader)
    {
        long[] values = new long[reader.ReadInt32() is >= 0 and <= MostRanks and var ranks ? ranks : throw new FormatException()];
        for (int left = reader.ReadInt32(); left > 0; left--)
        {
            int at = reader.ReadInt32();
            values[(uint)at < (uint)ranks ? at : throw new FormatException()] = reader.ReadInt64();
        }
        return values;
    }

    // A damaged length must not become an array of that length.
    private static int CheckLength(BinaryReader reader, int length, int size) =>
        length >= 0 && (long)length * size <= reader.BaseStream.Length - reader.BaseStream.Position ? length : throw new FormatException();
}
