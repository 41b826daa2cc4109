using SoraHpc.Decomposition;

namespace SoraHpc.Runtime.Balancing;

/// <summary>What all ranks tell each other in one measurement: three numbers a rank, then two for each of its parts, ascending.</summary>
internal sealed class LoadSample
{
    private const int Head = 3, PerPart = 2;

    private LoadSample(int ranks, int parts) =>
        (Compute, PartSeconds, PartWork) = (new double[ranks], new double[parts], new double[parts]);

    /// <summary>Compute time of every rank since the last measurement [s].</summary>
    internal double[] Compute { get; }

    /// <summary>Time in every part since then [s]: the rank's compute time, shared out as the job timed its parts, else by cells.</summary>
    internal double[] PartSeconds { get; }

    /// <summary>Work in every part since then, as the job counted it; for jobs that do not count, its cells times the steps.</summary>
    internal double[] PartWork { get; }

    /// <summary>The slowest rank's time to set up the halo exchanges [s].</summary>
    internal double PlanSeconds { get; private set; }

    /// <summary>Time of a measurement before, on the rank that came last to it and so did not wait [s].</summary>
    internal double MeasureSeconds { get; private set; } = double.PositiveInfinity;

    /// <summary>Collective.</summary>
    internal static LoadSample Gather(Particle particle, double compute, double measureSeconds, long steps)
    {
        Placement placement = particle.Placement;
        Partition partition = particle.Partition;
        int[] counts = new int[placement.Ranks];
        Array.Fill(counts, Head);
        for (int part = 0; part < partition.Parts; part++)
            counts[placement.RankOf(part)] += PerPart;
        double[] all = new double[counts.Sum()];
        particle.Halos.Allgatherv<double>(Own(particle, compute, measureSeconds), all, counts);

        LoadSample sample = new(placement.Ranks, partition.Parts);
        int[] next = new int[counts.Length];                    // where each rank's next part is
        for (int rank = 0, at = 0; rank < counts.Length; at += counts[rank++])
        {
            sample.Compute[rank] = all[at];
            sample.PlanSeconds = Math.Max(sample.PlanSeconds, all[at + 1]);
            sample.MeasureSeconds = Math.Min(sample.MeasureSeconds, all[at + 2]);
            next[rank] = at + Head;
        }
        for (int part = 0; part < partition.Parts; part++)
        {
            int at = next[placement.RankOf(part)];
            (sample.PartSeconds[part], sample.PartWork[part]) = (all[at], all[at + 1]);
            next[placement.RankOf(part)] += PerPart;
        }
        sample.ShareOut(partition, placement, steps);
        return sample;
    }

    private static double[] Own(Particle particle, double compute, double measureSeconds)
    {
        double[] own = new double[Head + PerPart * particle.Parts.Count];
        (own[0], own[1], own[2]) = (compute, particle.PlanSeconds, measureSeconds);
        for (int i = 0; i < particle.Parts.Count; i++)
            (own[Head + PerPart * i], own[Head + PerPart * i + 1]) = particle.CountedIn(i);
        return own;
    }

    private void ShareOut(Partition partition, Placement placement, long steps)
    {
        double[] timed = new double[Compute.Length], cells = new double[Compute.Length];
        for (int part = 0; part < PartSeconds.Length; part++)
        {
            timed[placement.RankOf(part)] += PartSeconds[part];
            cells[placement.RankOf(part)] += partition.Blocks[part].Cells;
        }
        bool counts = PartWork.Any(work => work > 0);
        for (int part = 0; part < PartSeconds.Length; part++)
        {
            int rank = placement.RankOf(part);
            double own = partition.Blocks[part].Cells;
            PartSeconds[part] = Compute[rank] * (timed[rank] > 0 ? PartSeconds[part] / timed[rank] : own / cells[rank]);
            PartWork[part] = counts ? PartWork[part] : own * steps;
        }
    }
}
