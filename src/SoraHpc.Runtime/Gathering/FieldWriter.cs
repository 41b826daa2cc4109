using SoraHpc.Communication;
using SoraHpc.Decomposition;
using SoraHpc.Storage;

namespace SoraHpc.Runtime.Gathering;

/// <summary>Writes a field in parallel: every rank its own blocks, straight from memory.</summary>
public static class FieldWriter
{
    /// <summary>Writes all blocks into a dataset whose last dimensions are the grid. Collective, also for ranks without a block.</summary>
    /// <param name="field">One of the particle's; halos are not written.</param>
    /// <param name="dataset">Of a file that all ranks of the particle's communicator have opened.</param>
    /// <param name="leading">Index along each dimension before the grid's: time, level.</param>
    public static unsafe void Write<T>(Particle particle, Field<T> field, Hdf5Dataset dataset, ReadOnlySpan<long> leading = default) where T : unmanaged
    {
        // A collective transfer needs every rank to call as often as the rank with the most blocks.
        int rounds = particle.Communicator.Allreduce(field.Patches.Count, ReduceOperation.Max);
        for (int round = 0; round < rounds; round++)
            if (round < field.Patches.Count)
            {
                Patch<T> patch = field.Patches[round];
                PartitionedWriter.Write(dataset, patch.Block, patch.Origin, patch.RowStride, patch.PlaneStride, leading);
            }
            else
                PartitionedWriter.Write<T>(dataset, default(Block), null, 0, 0, leading);
    }
}
