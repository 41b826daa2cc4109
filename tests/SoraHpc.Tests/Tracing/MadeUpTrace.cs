using SoraHpc.Diagnostics.Tracing;

namespace SoraHpc.Tests.Tracing;

/// <summary>A run that never was: steps of 10 ms with a wait at the end of each.</summary>
internal static class MadeUpTrace
{
    private const long Step = 10_000_000;

    internal static RunTrace Of(int ranks, int spans, double joules = double.NaN) => new()
    {
        Title = "made <up>", Facts = [new("command", "sora run \"nothing\" </script>")], Joules = joules, Seconds = spans / 2 * Step * 1e-9,
        Imbalance = [.. Enumerable.Range(1, spans / 2).Select(step => new LoadPoint(step, step * Step, 1 + 1.0 / step))],
        Ranks = [.. Enumerable.Range(0, ranks).Select(rank => Rank(rank, ranks, spans))],
    };

    private static RankTrace Rank(int rank, int ranks, int spans)
    {
        double[] seconds = new double[Activities.Count];
        (seconds[(int)RankActivity.Compute], seconds[(int)RankActivity.Wait]) = (spans / 2 * 8e-3, spans / 2 * 2e-3);
        long[] sent = new long[ranks], calls = new long[Activities.Count], bytes = new long[Activities.Count];
        sent[(rank + 1) % ranks] = 1000 * (rank + 1);
        bytes[(int)RankActivity.Write] = 1_000_000;
        float[] profile = new float[spans / 2 * TraceProfile.Kinds];
        for (int bin = 0; bin < spans / 2; bin++)
            (profile[bin * TraceProfile.Kinds + (int)ActivityKind.Compute], profile[bin * TraceProfile.Kinds + (int)ActivityKind.Wait]) = (8e-3f, 2e-3f);
        return new()
        {
            Rank = rank, Host = $"node{rank / 4}", Process = 1000 + rank, ClockError = 1e-6, Lost = 0, Begin = 0, BinWidth = Step, Profile = profile, Seconds = seconds,
            Calls = calls, Bytes = bytes, SentBytes = sent, SentMessages = sent, TasksFrom = sent, StealsFrom = [.. sent.Select(value => value / 1000)], Steps = spans / 2, Work = 5,
            Spans = [.. Enumerable.Range(0, spans).Select(i => i % 2 == 0
                ? new TraceEvent(i / 2 * Step, i / 2 * Step + Step, 0, -1, 1, RankActivity.Compute)
                : new TraceEvent(i / 2 * Step + 8 * Step / 10, i / 2 * Step + Step, 800, (rank + 1) % ranks, 1, RankActivity.Wait))],
        };
    }
}
