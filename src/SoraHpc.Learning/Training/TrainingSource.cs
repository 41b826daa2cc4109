using SoraHpc.Communication;
using SoraHpc.Decomposition;
using SoraHpc.Diagnostics;
using SoraHpc.Runtime;

namespace SoraHpc.Learning.Training;

/// <summary>The strata of a data set as the grid that a run divides: a particle is the strata of a rank.</summary>
/// <param name="strata">How many.</param>
public sealed class TrainingSource(int strata) : IDataSource
{
    /// <inheritdoc/>
    /// <exception cref="UsageException">There are more ranks than strata.</exception>
    public Grid Open(Communicator world) => world.Size <= strata ? new(new Extent(1, 1, strata), PeriodicBoundary.Walls)
        : throw new UsageException($"{world.Size} ranks cannot share {strata} strata: take at most {strata} ranks, or more strata");

    /// <summary>Nothing: samples are read as they are needed.</summary>
    public void Load(Particle particle) { }

    /// <summary>Rank of every stratum, and this rank's own: [Begin, End). The same rule on every rank, of which all are told what cannot be.</summary>
    /// <param name="particle">This rank's share of such a grid.</param>
    /// <param name="job">Its name, for the message.</param>
    /// <exception cref="UsageException">This rank has strata that do not follow each other.</exception>
    public static (int[] Owners, int Begin, int End) SharesOf(Particle particle, string job)
    {
        int[] owners = new int[particle.Partition.Blocks.Max(block => (int)block.End.Column)];
        for (int part = 0; part < particle.Partition.Parts; part++)
        {
            Block block = particle.Partition.Blocks[part];
            if (block.Cells > 0)
                Array.Fill(owners, particle.Placement.RankOf(part), (int)block.Begin.Column, (int)block.Columns);
        }
        (int begin, int end) = (Array.IndexOf(owners, particle.Rank), Array.LastIndexOf(owners, particle.Rank) + 1);
        (begin, end) = begin < 0 ? (0, 0) : (begin, end);
        if (owners.AsSpan(begin, end - begin).ContainsAnyExcept(particle.Rank))
            throw new UsageException($"{job} reads consecutive strata: cut them in slabs (partition slab)");
        return (owners, begin, end);
    }
}
