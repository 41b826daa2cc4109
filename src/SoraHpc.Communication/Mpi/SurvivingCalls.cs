using System.Runtime.InteropServices;
using SoraHpc.Communication.Mpi.Abi;
using SoraHpc.Communication.Survival.Detection;

namespace SoraHpc.Communication.Mpi;

/// <summary>
/// Takes the place of the library's calls that wait, in a run that survives deaths: no library known ends a wait for a dead rank. Here
/// every wait is the call's non-blocking form and a loop of tests that looks at the failure detector; a death known makes the call
/// return <see cref="RankFailed"/>. The table of functions points here, so code above is the same, and costs the same, in a run that
/// does not survive.
/// </summary>
/// <remarks>
/// Calls without a non-blocking form (making communicators and windows) are entered after a barrier that can be left: a rank that is dead
/// before keeps nobody in them. When one dies within, those who do not come out are given <see cref="SurvivalOptions.Grace"/>: see <see cref="Within"/>.
/// </remarks>
internal sealed unsafe partial class SurvivingCalls
{
    /// <summary>Returned by a call that a death has broken off; no library's code.</summary>
    internal const int RankFailed = int.MinValue + 77;

    private readonly MpiFunctions mpi;
    private readonly List<Delegate> kept = [];          // the table has their addresses only
    private readonly Dictionary<string, nint> replacements = [];
    private FailureDetector? detector;
    private string? within;
    private long entered;

    /// <param name="mpi">The library's own functions.</param>
    internal SurvivingCalls(MpiFunctions mpi)
    {
        this.mpi = mpi;
        ReplacePointToPoint();
        ReplaceCollectives();
        ReplaceCreation();
        ReplaceOneSided();
    }

    /// <summary>Functions by the library's names.</summary>
    internal IReadOnlyDictionary<string, nint> Replacements => replacements;

    /// <summary>From now on deaths are noticed.</summary>
    internal void Heed(FailureDetector watch) => detector = watch;

    /// <summary>The call this rank is in that no death ends; null in none. Asked by another thread.</summary>
    /// <param name="time">For so long.</param>
    internal string? Within(out TimeSpan time)
    {
        string? call = Volatile.Read(ref within);
        time = TimeSpan.FromMilliseconds(Environment.TickCount64 - Volatile.Read(ref entered));
        return call;
    }

    /// <summary>This rank enters a call that no death ends.</summary>
    internal void Enter(string call)
    {
        Volatile.Write(ref entered, Environment.TickCount64);
        Volatile.Write(ref within, call);
    }

    /// <summary>As above, unless this rank is in one already: then the outer one leaves.</summary>
    internal bool TryEnter(string call)
    {
        if (within is not null)
            return false;
        Enter(call);
        return true;
    }

    /// <summary>It has come out; hands on the call's code.</summary>
    internal int Leave(int code = 0)
    {
        Volatile.Write(ref within, null);
        return code;
    }

    private bool IsBroken => detector is { IsBroken: true };

    private void Replace(string name, Delegate call)
    {
        kept.Add(call);
        replacements.Add(name, Marshal.GetFunctionPointerForDelegate(call));
    }

    // ---- the loops ----

    // A receive given up is cancelled: what comes later must not be written where the caller's buffer was.
    private int Complete(int code, nint request, void* status, bool isReceive = false)
    {
        int done = 0;
        while (code == 0 && done == 0)
        {
            code = mpi.Test(&request, &done, status);
            if (code == 0 && done == 0 && IsBroken)
                return GiveUp(request, isReceive);
        }
        return code;
    }

    private int Complete(int code, nint request, bool isReceive = false)
    {
        NativeStatus unwanted;
        return Complete(code, request, &unwanted, isReceive);
    }

    private int GiveUp(nint request, bool isReceive)
    {
        if (isReceive)
            _ = mpi.Cancel(&request);
        return RankFailed;
    }

    // The outcome of a test that found nothing.
    private int Missed(int code, int found) => code == 0 && found == 0 && IsBroken ? RankFailed : code;

    private int Meet(nint communicator)
    {
        if (IsBroken)
            return RankFailed;
        nint request = 0;
        int code = mpi.Ibarrier(communicator, &request);
        return Complete(code, request);
    }

    // As above, and into the call that all ranks enter then.
    private int MeetFor(string call, nint communicator)
    {
        int code = Meet(communicator);
        if (code == 0)
            Enter(call);
        return code;
    }

    private bool Enters(string call)
    {
        if (IsBroken)
            return false;
        Enter(call);
        return true;
    }
}
