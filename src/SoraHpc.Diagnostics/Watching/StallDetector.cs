using System.Globalization;
using SoraHpc.Diagnostics.Tracing;

namespace SoraHpc.Diagnostics.Watching;

/// <summary>
/// Finds from what ranks are seen doing whether one has stopped or waits in vain, and says who waits for whom. It says; it does not act.
/// Looked at by one thread, every fraction of the limit.
/// </summary>
/// <param name="limit">How long a rank may wait in one call before it is told.</param>
/// <param name="hosts">The machine of every rank.</param>
public sealed class StallDetector(TimeSpan limit, string[] hosts)
{
    private struct Watched
    {
        internal RankSighting Now;
        internal double ChangedAt, BeatAt;
    }

    // A process that runs beats many times in this part of the limit, so that one that does not is named before the limit is over.
    private const double FrozenPart = 0.5;

    // Groups of ranks that a line names.
    private const int MostGroups = 6;

    private readonly Watched[] ranks = new Watched[hosts.Length];
    private double nextTelling, stalledSince = double.NaN;

    /// <summary>Takes what the ranks were seen doing and returns the line to show, or null. A stall that lasts is told again after twice the time.</summary>
    /// <param name="seen">By rank; a process of 0 has not been seen yet.</param>
    /// <param name="now">Seconds of any clock that runs evenly.</param>
    public string? Look(ReadOnlySpan<RankSighting> seen, double now)
    {
        double since = double.NaN;
        for (int rank = 0; rank < ranks.Length; rank++)
        {
            Take(ref ranks[rank], seen[rank], now);
            if (StalledSince(ranks[rank], now) is { } begin)
                since = double.IsNaN(since) ? begin : Math.Min(since, begin);
        }
        if (double.IsNaN(since))
        {
            string? over = double.IsNaN(stalledSince) ? null : $"sora: the stall is over after {Seconds(now - stalledSince)}";
            stalledSince = double.NaN;
            return over;
        }
        if (double.IsNaN(stalledSince))
            (stalledSince, nextTelling) = (since, now);
        if (now < nextTelling)
            return null;
        nextTelling = now + Math.Max(limit.TotalSeconds, now - stalledSince);
        return $"sora: stall: {Describe(now)}";
    }

    private static void Take(ref Watched rank, in RankSighting seen, double now)
    {
        if (rank.Now.Process == 0 || rank.Now.Mark != seen.Mark || rank.Now.Step != seen.Step)
            rank.ChangedAt = now;
        if (rank.Now.Process == 0 || rank.Now.Beats != seen.Beats)
            rank.BeatAt = now;
        rank.Now = seen;
    }

    private double? StalledSince(in Watched rank, double now) =>
        IsFrozen(rank, now) ? rank.BeatAt
        : rank.Now.Process != 0 && Activities.IsBlocked(rank.Now.Activity) && now - rank.ChangedAt >= limit.TotalSeconds ? rank.ChangedAt
        : null;

    private bool IsFrozen(in Watched rank, double now) => rank.Now.Process != 0 && now - rank.BeatAt >= FrozenPart * limit.TotalSeconds;

    // Those who hold the others up come first: who does not run, then who computes, then who waits.
    private string Describe(double now)
    {
        List<string> frozen = [], computing = [];
        Dictionary<(RankActivity, int), List<int>> waiting = [];
        for (int rank = 0; rank < ranks.Length; rank++)
        {
            ref readonly Watched watched = ref ranks[rank];
            if (watched.Now.Process == 0)
                continue;
            if (IsFrozen(watched, now))
                frozen.Add($"rank {rank} (process {watched.Now.Process} on {hosts[rank]}) has not run for {Seconds(now - watched.BeatAt)}, stopped or starved");
            else if (Activities.IsBlocked(watched.Now.Activity))
            {
                if (!waiting.TryGetValue((watched.Now.Activity, watched.Now.Peer), out List<int>? group))
                    waiting.Add((watched.Now.Activity, watched.Now.Peer), group = []);
                group.Add(rank);
            }
            else if (now - watched.ChangedAt >= FrozenPart * limit.TotalSeconds)
                computing.Add($"rank {rank} is in {Word(watched.Now.Activity)} after step {watched.Now.Step} for {Seconds(now - watched.ChangedAt)}");
        }
        IEnumerable<(string Text, int Ranks)> waits = waiting.OrderByDescending(group => group.Value.Count).Select(group => (Waiting(group.Key, group.Value, now), group.Value.Count));
        (string Text, int Ranks)[] all = [.. frozen.Concat(computing).Select(text => (text, 1)), .. waits];
        string more = all.Length > MostGroups ? $"; and {Ranks(all.Skip(MostGroups).Sum(group => group.Ranks))} more" : "";
        return string.Join("; ", all.Take(MostGroups).Select(group => group.Text)) + more;
    }

    private string Waiting((RankActivity Call, int Peer) call, List<int> group, double now)
    {
        string who = group.Count == 1 ? $"rank {group[0]} waits" : $"ranks {RankList.Text(group)} wait";
        string whom = call.Peer >= 0 ? $" for rank {call.Peer}" : "";
        double longest = group.Max(rank => now - ranks[rank].ChangedAt);
        return $"{who}{whom} in {Word(call.Call)} for {Seconds(longest)}";
    }

    private static string Ranks(int count) => count == 1 ? "1 rank" : $"{count} ranks";

    private static string Word(RankActivity activity) => activity.ToString().ToLowerInvariant();

    private static string Seconds(double seconds) => seconds.ToString("0.# s", CultureInfo.InvariantCulture);
}
