using System.IO.Compression;
using System.Text.Json;

namespace SoraHpc.Diagnostics.Tracing;

/// <summary>
/// A run's trace as JSON in the Trace Event Format, which Perfetto and chrome://tracing show; the member "sora" holds the whole trace again,
/// compressed, for reports.
/// </summary>
/// <remarks>Source of the format: Trace Event Format, the Chromium project, "JSON Object Format" and "complete events".</remarks>
public static class TraceFile
{
    private const string Whole = "sora";

    /// <summary>Writes it.</summary>
    public static void Write(RunTrace trace, Stream to)
    {
        using var json = new Utf8JsonWriter(to);
        json.WriteStartObject();
        json.WriteString("displayTimeUnit", "ms");
        json.WriteStartObject("otherData");
        json.WriteString("title", trace.Title);
        foreach ((string name, string value) in trace.Facts)
            json.WriteString(name, value);
        json.WriteEndObject();
        json.WriteStartArray("traceEvents");
        WriteName(json, "process_name", 0, trace.Title);
        foreach (RankTrace rank in trace.Ranks)
        {
            WriteName(json, "thread_name", rank.Rank, $"rank {rank.Rank} on {rank.Host}");
            foreach (TraceEvent span in rank.Spans)
                WriteSpan(json, rank.Rank, span);
        }
        foreach (LoadPoint load in trace.Imbalance)
            WriteCounter(json, load);
        json.WriteEndArray();
        json.WriteString(Whole, Convert.ToBase64String(Compress(TraceCodec.Write(trace))));
        json.WriteEndObject();
    }

    /// <summary>Reads what <see cref="Write"/> has written.</summary>
    /// <exception cref="SoraException">The file is missing, or no trace of this library.</exception>
    public static RunTrace Read(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            using JsonDocument json = JsonDocument.Parse(file);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty(Whole, out JsonElement whole)
                ? TraceCodec.ReadRun(Expand(whole.GetBytesFromBase64()))
                : throw new SoraException($"{path}: no member \"{Whole}\": not a trace of `sora run --trace`");
        }
        catch (Exception wrong) when (wrong is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new SoraException($"{path}: there is no such file; a run leaves its trace with sora run … --trace NAME, as NAME.json", wrong);
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            throw new SoraException($"{path}: {wrong.Message}", wrong);
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException or FormatException or InvalidDataException)
        {
            throw new SoraException($"{path}: not a trace of `sora run --trace`: {wrong.Message}", wrong);
        }
    }

    // Times in µs.
    private static void WriteSpan(Utf8JsonWriter json, int rank, in TraceEvent span)
    {
        json.WriteStartObject();
        json.WriteString("name", span.Activity.ToString());
        json.WriteString("cat", Activities.KindOf(span.Activity).ToString());
        json.WriteString("ph", "X");
        json.WriteNumber("ts", span.Begin * 1e-3);
        json.WriteNumber("dur", span.Length * 1e-3);
        json.WriteNumber("pid", 0);
        json.WriteNumber("tid", rank);
        if (span.Bytes > 0 || span.Peer >= 0 || span.Count > 1)
        {
            json.WriteStartObject("args");
            if (span.Bytes > 0)
                json.WriteNumber(span.Activity == RankActivity.Steal ? "tasks" : "bytes", span.Bytes);
            if (span.Peer >= 0)
                json.WriteNumber("peer", span.Peer);
            if (span.Count > 1)
                json.WriteNumber("calls", span.Count);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static void WriteName(Utf8JsonWriter json, string what, int thread, string name)
    {
        json.WriteStartObject();
        json.WriteString("name", what);
        json.WriteString("ph", "M");
        json.WriteNumber("pid", 0);
        json.WriteNumber("tid", thread);
        json.WriteStartObject("args");
        json.WriteString("name", name);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteCounter(Utf8JsonWriter json, in LoadPoint load)
    {
        json.WriteStartObject();
        json.WriteString("name", "λ max/mean");
        json.WriteString("ph", "C");
        json.WriteNumber("ts", load.At * 1e-3);
        json.WriteNumber("pid", 0);
        json.WriteStartObject("args");
        json.WriteNumber("ratio", load.Ratio);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static byte[] Compress(byte[] bytes)
    {
        using var compressed = new MemoryStream();
        using (var deflate = new DeflateStream(compressed, CompressionLevel.Fastest))
            deflate.Write(bytes);
        return compressed.ToArray();
    }

    private static byte[] Expand(byte[] compressed)
    {
        using var bytes = new MemoryStream();
        using (var deflate = new DeflateStream(new MemoryStream(compressed), CompressionMode.Decompress))
            deflate.CopyTo(bytes);
        return bytes.ToArray();
    }
}
