using System.Globalization;
using System.Text;
using SoraHpc.Diagnostics;
using SoraHpc.Runtime;
using SoraHpc.Runtime.Balancing;
using SoraHpc.Runtime.Elasticity;
using SoraHpc.Runtime.Resilience;

namespace SoraHpc.Cli.Run;

/// <summary>What a run came to, as text for its end.</summary>
internal static class RunSummary
{
    /// <summary>The job and its choices, the partition, the observables, and the load of every rank; lines end in '\n'.</summary>
    internal static string Render(RunResult result)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{result.Job}: {result.Steps} step{(result.Steps == 1 ? "" : "s")} on {Ranks(result)} in {result.Seconds:0.00} s ({result.Choices})\n");
        if (result.Quality is { } quality && result.Ranks.Count > 1)
            text.Append(CultureInfo.InvariantCulture, $"  partition: {quality}\n");
        if (result.LastQuality is { } last)
            text.Append(CultureInfo.InvariantCulture, $"  partition after the moves: {last}\n");
        text.Append(Resizes(result)).Append(Checkpoints(result)).Append(Integrity(result));
        int longest = result.Observables.Count > 0 ? result.Observables.Keys.Max(name => name.Length) : 0;
        foreach ((string name, double value) in result.Observables)
            text.Append(CultureInfo.InvariantCulture, $"  {name.PadRight(longest)}  {value:G10}\n");
        text.Append(result.Table);
        if (result.Ranks.Any(rank => rank.Workload > 0))
            text.Append(LoadImbalanceTable.Render(LoadOf(result), result.WorkUnit)).Append(Meetings(result)).Append(Balance(result));
        return text.ToString();
    }

    private static string Resizes(RunResult result)
    {
        if (result.Resizes.Count == 0)
            return "";
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"  {"resized at step",15}  {"particles",10}  {"work a step",11}  {"seconds",8}  {"state MB",9}  {"moved MB",9}  {"least MB",9}\n");
        foreach (ResizeReport one in result.Resizes)
            text.Append(CultureInfo.InvariantCulture, $"  {one.Step,15}  {$"{one.From} → {one.To}",10}  {one.Work,11:G4}  {one.Seconds,8:0.000}  {one.Bytes / 1e6,9:0.000}  {one.MovedBytes / 1e6,9:0.000}  {one.LeastBytes / 1e6,9:0.000}\n");
        string steps = string.Join(", ", result.Ranks.Select(rank => $"{rank.Rank}: {rank.Steps}"));
        return text.Append(CultureInfo.InvariantCulture, $"  steps each rank took part in: {steps}\n").ToString();
    }

    private static string Checkpoints(RunResult result)
    {
        if (result.Checkpoints is not { } checkpoints)
            return "";
        string start = checkpoints.RestartStep is { } step ? string.Create(CultureInfo.InvariantCulture, $"went on from step {step}; ") : "";
        string written = checkpoints.Written == 0 ? "none was due" : string.Create(CultureInfo.InvariantCulture,
            $"{checkpoints.Written} written, the last of {checkpoints.Bytes / 1e6:0.0} MB; the run stood still for {checkpoints.StoppedSeconds:0.000} s for them");
        string files = checkpoints.Copies is not null && checkpoints.Written == 0 && start == "" ? "" : $"  checkpoints: {start}{written}\n";
        return $"{files}{Copies(checkpoints.Copies, result.Ranks.Count)}{(checkpoints.Warning is { } warning ? $"  {warning}\n" : "")}{Lost(checkpoints)}";
    }

    private static string Lost(CheckpointReport checkpoints) => checkpoints.LostSeconds is { } seconds
        ? string.Create(CultureInfo.InvariantCulture, $"  {seconds:0.000} s of work lost with the ranks that died, and done again\n") : "";

    private static string Copies(CopyReport? copies, int ranks)
    {
        if (copies is null)
            return "";
        string start = copies.StartStep is { } step ? string.Create(CultureInfo.InvariantCulture, $"went on from step {step}; ") : "";
        string hosts = copies.OnTheirHost == 0 ? "" : $"; {(copies.OnTheirHost == ranks ? "all" : $"{copies.OnTheirHost} of {ranks}")} are on the host they are copies from, and do not survive it";
        return string.Create(CultureInfo.InvariantCulture,
            $"  copies in memory: {start}{copies.Made} made, the last of {copies.Bytes / 1e6:0.0} MB; the run stood still for {copies.StoppedSeconds:0.000} s for them{hosts}\n");
    }

    private static string Integrity(RunResult result) => result.Integrity is not { } integrity ? ""
        : $"  checks: the numbers were looked at {integrity.Looks} times{(integrity.WentBack.Count == 0 ? ", nothing wrong" : "")}\n{string.Concat(integrity.WentBack.Select(what => $"    {what}\n"))}";

    // T_s and where the ranks' time went that was not computing.
    private static string Meetings(RunResult result)
    {
        double total = result.Ranks.Sum(rank => rank.ComputeSeconds + rank.WaitSeconds + rank.SyncSeconds);
        double waited = result.Ranks.Sum(rank => rank.WaitSeconds) / total, met = result.Ranks.Sum(rank => rank.SyncSeconds) / total;
        double period = result.Ranks.Average(rank => rank.SyncPeriodSeconds);
        string meetings = double.IsNaN(period) ? "the run was over before the ranks first met" : string.Create(CultureInfo.InvariantCulture, $"sync period T_s {period:G4} s");
        return string.Create(CultureInfo.InvariantCulture, $"  {meetings}; of the ranks' time {waited:P1} waiting for neighbours, {met:P1} meeting all\n");
    }

    // λ over all steps, which the sums in the table smooth out when work moves; and what was moved for its sake.
    private static string Balance(RunResult result)
    {
        if (result.Ranks.Count < 2 || double.IsNaN(result.StepImbalance))
            return "";
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"  λ max/mean step by step {result.StepImbalance:0.000}");
        IReadOnlyList<Migration> moves = result.Migrations;
        double seconds = result.Ranks.Max(rank => rank.BalanceSeconds);
        if (moves.Count > 0)
        {
            double after = moves.Where(move => !double.IsNaN(move.After)).Select(move => move.After).DefaultIfEmpty(double.NaN).Average();
            text.Append(CultureInfo.InvariantCulture, $"; {moves.Count} moves of {moves.Sum(move => move.Parts)} blocks, {moves.Sum(move => move.Bytes) / 1e6:0.0} MB: ");
            text.Append(CultureInfo.InvariantCulture, $"{moves.Average(move => move.Before):0.000} before, {after:0.000} after");
        }
        if (seconds > 0)
            text.Append(CultureInfo.InvariantCulture, $"; balancing took {seconds:0.000} s");
        return text.Append('\n').ToString();
    }

    private static string Ranks(RunResult result) => result.Ranks.Count == 1 ? "1 rank" : $"{result.Ranks.Count} ranks";

    // As measured, also where capabilities were given: those only said how to cut, and by them every cut is perfect.
    private static LoadImbalance LoadOf(RunResult result) => LoadImbalance.FromTimes(
        [.. result.Ranks.Select(rank => rank.Workload)],
        [.. result.Ranks.Select(rank => rank.ComputeSeconds)]);
}
