using System.Numerics;
using SoraHpc.Diagnostics;

namespace SoraHpc.Runtime.Elasticity;

/// <summary>Numbers of particles that are known beforehand, each from a step on.</summary>
public sealed class Schedule : IElasticity
{
    private readonly (int Particles, long Step)[] entries;

    /// <param name="entries">Particles ≥ 1 and the step after which there are so many; the first from step 0, steps ascending.</param>
    /// <exception cref="UsageException">It is not so.</exception>
    public Schedule(params (int Particles, long Step)[] entries)
    {
        if (entries is not [{ Step: 0 }, ..])
            throw new UsageException("elasticity: a schedule begins with the particles from step 0 on, such as 2@0,4@100");
        for (int i = 0; i < entries.Length; i++)
        {
            if (entries[i].Particles < 1)
                throw new UsageException($"elasticity: a run has 1 particle or more, not {entries[i].Particles}");
            if (i > 0 && entries[i].Step <= entries[i - 1].Step)
                throw new UsageException($"elasticity: step {entries[i].Step} of the schedule comes after step {entries[i - 1].Step}, and must be later");
        }
        this.entries = [.. entries];
        Interval = (long)entries.Aggregate(BigInteger.Zero, (divisor, entry) => BigInteger.GreatestCommonDivisor(divisor, entry.Step));
    }

    /// <inheritdoc/>
    /// <remarks>What divides all steps of the schedule: so every one of them is met.</remarks>
    public long Interval { get; }

    /// <inheritdoc/>
    public int Particles(int ranks, long cells)
    {
        foreach ((int particles, long step) in entries)
            if (particles > ranks)
                throw new UsageException($"elasticity: the schedule asks for {particles} particles from step {step} on, there are {ranks} ranks: run on {entries.Max(entry => entry.Particles)} (--ranks, mpiexec -n), or ask for at most {ranks}");
        return entries[0].Particles;
    }

    /// <inheritdoc/>
    public int Resize(ElasticPoint point) => entries.Last(entry => entry.Step <= point.Step).Particles;

    /// <inheritdoc/>
    public override string ToString() => $"schedule {string.Join(", ", entries.Select(entry => $"{entry.Particles} from step {entry.Step}"))}";
}
