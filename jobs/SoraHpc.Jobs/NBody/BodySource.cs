using SoraHpc.Communication;
using SoraHpc.Decomposition;
using SoraHpc.Diagnostics;
using SoraHpc.Runtime;

namespace SoraHpc.Jobs.NBody;

/// <summary>Where bodies come from. They are the cells, in one row by number; after loading, every rank has those of its own cells.</summary>
internal sealed class BodySource(NBodyOptions options) : IDataSource
{
    /// <summary>This rank's bodies, after loading.</summary>
    internal Body[] Loaded { get; private set; } = [];

    /// <summary>Of their state.</summary>
    internal double Time { get; private set; }

    /// <inheritdoc/>
    public Grid Open(Communicator world)
    {
        long bodies = options.Model.Bodies;
        if (options.DataFile is not null)
        {
            using BodyFile file = new(options.DataFile, world);
            (bodies, Time) = (file.Bodies, file.Time);
        }
        if (bodies < world.Size)
            throw new UsageException($"{bodies} bodies cannot be shared by {world.Size} ranks: use at most {bodies} ranks");
        return new(new Extent(1, 1, bodies), PeriodicBoundary.Walls);
    }

    /// <inheritdoc/>
    public void Load(Particle particle)
    {
        Loaded = new Body[checked((int)particle.Cells)];
        long first = particle.Blocks.FirstOrDefault().Begin.Column;
        if (options.DataFile is not null)
        {
            using BodyFile file = new(options.DataFile, particle.Communicator);
            file.Read(first, Loaded);
            return;
        }
        options.Model.Fill(first, Loaded);
        PlummerModel.Centre(Loaded, particle.Communicator);
    }

    /// <inheritdoc/>
    public override string ToString() => options.DataFile ?? $"{options.Model.Bodies} bodies in {options.Model.Spheres} Plummer sphere{(options.Model.Spheres == 1 ? "" : "s")}";
}
