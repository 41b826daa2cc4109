using System.Globalization;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.Learning.Blocks;
using SoraHpc.Learning.Data;
using SoraHpc.Learning.Training;
using SoraHpc.Runtime;
using SoraHpc.Storage;

namespace SoraHpc.Jobs.Training;

/// <summary>Classes learnt from a table (<see cref="DataTable"/>) that may be larger than memory: cleaning is fitted in passes over the file, and training reads it chunk by chunk.
/// The last fifth of the rows is not learnt from but judged by. The same bits on any number of ranks and within any memory limit.</summary>
public sealed class LargeTableJob
{
    private const int JudgedShare = 5, MostClasses = 4096;

    // Of a rank's memory: half for chunks to learn from, a quarter for those to be judged by; what is read at a time is copied by each step of the pipeline.
    private const int LearntPart = 2, JudgedPart = 4, ReadPart = 32;

    private readonly LargeTableOptions options;
    private readonly DataTable table;
    private FittedPipeline pipeline = null!;
    private ChunkedSamples<float> learnt = null!, judged = null!;

    private LargeTableJob(LargeTableOptions options, DataTable table)
    {
        (this.options, this.table) = (options, table);
        Trained = table.Rows - table.Rows / JudgedShare;
        if (table.Rows / JudgedShare < options.Training.Strata)
            throw new UsageException($"{options.Data}: of {table.Rows} rows {table.Rows / JudgedShare} are to be judged by, and they cannot be dealt into {options.Training.Strata} strata: take fewer strata, or more rows");
    }

    private long Trained { get; }

    /// <summary>Whether a file is such a table: it has the dataset <c>label</c>. Local.</summary>
    public static bool IsTable(string path)
    {
        if (!File.Exists(path))
            return false;
        using Hdf5File file = Hdf5File.Open(path);
        return file.ContainsDataset("label");
    }

    /// <summary>The whole job on every rank of a world; losses and accuracies are among the observables of the result. Collective.</summary>
    /// <exception cref="UsageException">A chunk of every stratum takes more than the memory limit.</exception>
    /// <exception cref="SoraException">A file that cannot be read or written, rows nothing can be learnt from, or training that diverges.</exception>
    public static RunResult Run(Communicator world, LargeTableOptions options, SoraOptions? soraOptions = null)
    {
        using DataTable table = DataTable.Open(world, options.Data, Math.Max(1, options.MemoryLimit / ReadPart), options.Training.Strata);
        LargeTableJob own = new(options, table);
        int classes = own.Fit(world);
        ClassifierRun run = new(world, options)
        {
            Data = $"{Path.GetFileName(options.Data)}: {own.Trained} rows, {table.Rows - own.Trained} to be judged by",
            WorkUnit = "rows",
            Load = own.Load,
        };
        RunResult result = run.Train(TableModel.For(new Shape(own.pipeline.Steps[^1].Output.Count), classes, options.IsLinear), soraOptions);
        return result with { Table = world.IsRoot ? own.Memory() : "" };
    }

    // Of rows to learn from alone. Gone through a dozen times; a median keeps nothing but counts.
    private int Fit(Communicator world)
    {
        Strata strata = new(Trained, options.Training.Strata, 1);
        int[] owners = Trainer<float>.EvenOwners(options.Training.Strata, world.Size);
        IEnumerable<DataParticle> own = table.Read(strata.Begin(owners.Count(owner => owner < world.Rank)), strata.Begin(owners.Count(owner => owner <= world.Rank)));
        double most = double.NegativeInfinity;
        foreach (DataParticle particle in own)
            foreach (double label in particle.Labels)
                most = Math.Max(most, label);
        most = world.Allreduce(most, ReduceOperation.Max);
        if (most is not (>= 1 and < MostClasses))
            throw new SoraException(string.Create(CultureInfo.InvariantCulture, $"{options.Data}, dataset label: the largest is {most}; labels are whole numbers from 0, of at least 2 classes and at most {MostClasses}"));
        bool isSparse = own.First().Features is SparseFeatures;
        pipeline = new Pipeline(new FillMissing(Filling.Median), new Standardise(Centre: world.Allreduce(isSparse ? 1 : 0, ReduceOperation.Max) == 0)).Fit(world, own);
        return (int)most + 1;
    }

    private (ISamples<float>, ISamples<float>) Load(Communicator communicator, int firstStratum, int endStratum)
    {
        learnt = new(table, pipeline, (0, Trained), (firstStratum, endStratum), options.Training, options.MemoryLimit / LearntPart);
        // Rows to be judged by are read in their order: smaller chunks change nothing.
        judged = new(table, pipeline, (Trained, table.Rows), (firstStratum, endStratum),
            options.Training with { ChunkBatches = Math.Max(1, options.Training.ChunkBatches / 2) }, options.MemoryLimit / JudgedPart);
        return (learnt, judged);
    }

    private string Memory() => learnt.IsKept ? "  rows to learn from stay in memory\n"
        : string.Create(CultureInfo.InvariantCulture, $"  rows to learn from are read chunk by chunk: {learnt.Reads} chunks by rank 0, {learnt.HeldBytes / 1e6:0.0} MB of them in memory at a time\n");
}
