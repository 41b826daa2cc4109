using SoraHpc.Communication;
using SoraHpc.Diagnostics;

namespace SoraHpc.Runtime.Resilience;

/// <summary>
/// Looks at a job's numbers every few steps and at all that is saved, and when they cannot be right sends the run back to the newest copy in memory
/// of a state that was found right, to repeat the steps once. What comes again is no passing fault, and ends the run. The ranks' findings are
/// combined by one reduction, started after the step and collected after the next.
/// </summary>
/// <remarks>Every method is collective. A state is saved before its look has been heard; so the state gone back to is the newest from before the
/// last look that found nothing, of the two generations there are.</remarks>
internal sealed class IntegrityGuard(Particle particle, ICheckedJob job, IntegrityOptions options, Checkpointer? checkpoints) : IDisposable
{
    private readonly Communicator communicator = particle.Communicator.Duplicate();
    private readonly IntegrityChecks checks = new();
    private readonly List<string> wentBack = [];
    private double[] own = [], heard = [];
    private Request request;
    private long looks, lookedAt = -1, rightAt = -1, repeatTo = -1;
    private bool isOpen;

    /// <summary>What came of it.</summary>
    internal IntegrityReport Report => new(looks, wentBack);

    /// <summary>Looks at the state as it is, once a step.</summary>
    internal void Look()
    {
        if (isOpen)
            return;
        checks.Begin();
        job.Check(particle, checks);
        if (own.Length != checks.Own.Length)
            (own, heard) = (new double[checks.Own.Length], new double[checks.Own.Length]);
        checks.Own.CopyTo(own);
        request = communicator.StartAllreduce<double>(own, heard, ReduceOperation.Sum);
        (lookedAt, isOpen) = (particle.Step, true);
        looks++;
    }

    /// <summary>After each step, before anything is saved: true when the job is back at an earlier step. At the end waits for the last look.</summary>
    internal bool SendsBack()
    {
        if (isOpen && Hear())
            return true;
        if (!job.IsDone && particle.Step % options.Every != 0)
            return false;
        Look();
        return job.IsDone && Hear();
    }

    /// <summary>Before the state goes to other ranks: looks at it and waits for what comes of it; true when the job is back at an earlier step.</summary>
    internal bool SendsBackNow()
    {
        if (isOpen && Hear())
            return true;
        Look();
        return Hear();
    }

    public void Dispose() => communicator.Dispose();

    private bool Hear()
    {
        request.Wait();
        isOpen = false;
        if (heard[0] == 0 && checks.WrongSum(heard) is null)
        {
            rightAt = lookedAt;
            if (lookedAt >= repeatTo)
                repeatTo = -1;
            return false;
        }
        GoBack(Describe());
        return true;
    }

    private void GoBack(string what)
    {
        if (repeatTo >= 0)
            throw new SoraException($"{what}, and something wrong again when the steps were repeated: not a passing fault");
        if (checkpoints?.GoBack(rightAt) is not { } copy)
            throw new SoraException($"{what}; there is no copy in memory to go back to");
        repeatTo = lookedAt;
        particle.GoBackTo(copy.Header.Step);
        job.Restore(particle, copy);
        checkpoints.GoOnAfter(particle.Step);
        wentBack.Add($"{what}; went back to step {particle.Step} and repeated the steps");
    }

    // The lowest rank that has found something tells all.
    private string Describe()
    {
        string? found = checks.WrongSum(heard);
        if (heard[0] > 0)
        {
            int first = communicator.Allreduce(checks.Wrong is null ? int.MaxValue : communicator.Rank, ReduceOperation.Min);
            found = $"rank {first}: {communicator.Broadcast(checks.Wrong, first)}";
        }
        return $"after step {lookedAt}: {found}";
    }
}
