namespace SoraHpc.Communication.Faults;

/// <summary>
/// What goes wrong in a run on threads, and when: given by hand or drawn from a seed, and the same in every run with it. Ranks take turns, one
/// runs at a time and who is next is drawn too, so that not only the faults but all that comes of them repeats, to the order of every
/// call. See <see cref="WorldOptions.Faults"/>.
/// </summary>
/// <remarks>What the run itself decides by a clock, or leaves to a thread of its own, is not repeated.</remarks>
public sealed record FaultSchedule
{
    private const int OftenEnoughToGiveUp = 2 * MessageCheck.MostRepetitions;

    /// <summary>The faults, in any order.</summary>
    public IReadOnlyList<Fault> Faults { get; init; } = [];

    /// <summary>Decides which rank goes on when several could, and which bit of a message is wrong.</summary>
    public ulong Seed { get; init; }

    /// <summary>Whether ranks take turns. Else they run at the same time: the faults come at the same calls, what comes of them may differ
    /// from run to run. Default: true.</summary>
    public bool TakeTurns { get; init; } = true;

    /// <summary>Told what happens as it happens, by one rank at a time. Default: null, nobody.</summary>
    public Action<FaultEvent>? OnEvent { get; init; }

    /// <summary>A schedule drawn from a seed; the same for the same seed and mix.</summary>
    public static FaultSchedule Draw(ulong seed, FaultMix mix)
    {
        var random = new SplitMix64(seed);
        List<Fault> faults = [];
        int deaths = (int)random.Below(mix.MostDeaths + 1);
        for (int i = 0; i < deaths; i++)
        {
            int generation = (int)random.Below(i + 1), rank = (int)random.Below(mix.Ranks);
            bool together = random.Below(4) == 0, onRecovery = i > 0 && random.Below(8) == 0;
            faults.Add(new(FaultKind.Death, rank, onRecovery ? Fault.OnRecovery : 1 + random.Below(mix.Calls), generation, together ? 2 : 1));
        }
        for (long left = random.Below(mix.MostDelays + 1); left > 0; left--)
            faults.Add(AnyTime(FaultKind.Delay, 1 + (int)random.Below(100), mix, deaths, ref random));
        for (long left = random.Below(mix.MostLosses + 1); left > 0; left--)
            faults.Add(AnyTime(FaultKind.Loss, Repetitions(ref random), mix, deaths, ref random));
        for (long left = random.Below(mix.MostCorruptions + 1); left > 0; left--)
            faults.Add(AnyTime(FaultKind.Corruption, Repetitions(ref random), mix, deaths, ref random));
        return new() { Faults = faults, Seed = seed };
    }

    /// <summary>The seed and the faults, in one line.</summary>
    public override string ToString() => $"seed {Seed}: {(Faults.Count == 0 ? "no faults" : string.Join("; ", Faults))}";

    private static Fault AnyTime(FaultKind kind, int amount, FaultMix mix, int deaths, ref SplitMix64 random) =>
        new(kind, (int)random.Below(mix.Ranks), 1 + random.Below(mix.Calls), (int)random.Below(deaths + 1), amount);

    private static int Repetitions(ref SplitMix64 random) =>
        random.Below(16) == 0 ? OftenEnoughToGiveUp : 1 + (int)random.Below(MessageCheck.MostRepetitions);
}
