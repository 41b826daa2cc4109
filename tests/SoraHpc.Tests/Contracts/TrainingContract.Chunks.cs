using NUnit.Framework;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.Learning.Blocks;
using SoraHpc.Learning.Data;
using SoraHpc.Learning.Models;
using SoraHpc.Learning.Training;

namespace SoraHpc.Tests.Contracts;

// Samples taken chunk by chunk, and samples changed while they are learnt from.
public abstract partial class TrainingContract
{
    private const int TableRows = 700;

    [Test]
    public void A_table_read_chunk_by_chunk_is_learnt_with_the_bits_of_one_in_memory([Sizes] int size, [Values] bool kept) => OnEveryRank(size, comm =>
    {
        TrainingOptions options = Options with { ChunkBatches = 3, Epochs = 3, Strata = 6 };
        DataParticle made = new BehaviourTable { Missing = 0.1 }.Rows(0, TableRows);
        Model model = new(new Shape(8), new SoraHpc.Learning.Blocks.Dense(5), new Activation(ActivationFunction.Tanh), new SoraHpc.Learning.Blocks.Dense(2));
        using SharedFolder folder = new(comm);
        folder.ByRoot(() => TableFile.Write(folder.File("table.h5"), made));
        using DataTable table = DataTable.Open(comm, folder.File("table.h5"), memoryLimit: 1000, options.Strata);
        FittedPipeline pipeline = new Pipeline(new FillMissing(Filling.Median), new Standardise()).Fit(comm, table);
        SampleTable<float> all = ParticleSamples.Deal<float>(comm, pipeline.Transform(table), options.Strata);
        int[] owners = Trainer<float>.EvenOwners(options.Strata, comm.Size);
        (int, int) own = (Array.IndexOf(owners, comm.Rank), Array.LastIndexOf(owners, comm.Rank) + 1);
        ChunkedSamples<float> chunked = new(table, pipeline, (0, TableRows), own, options, memoryLimit: kept ? 1 << 20 : 6 * 12 * 9 * 4);

        Assert.That(chunked.IsKept, Is.EqualTo(kept));
        Assert.That(ValuesOf(comm, model, chunked, options), Is.EqualTo(ValuesOf(comm, model, all, options)).AsCollection);
        Assert.That(chunked.Reads, kept ? Is.LessThanOrEqualTo(6 * 10) : Is.EqualTo(3 * (own.Item2 - own.Item1) * 10));        // 116 or 117 rows a stratum: 10 chunks of 12
        if (!kept)
            Assert.That(() => new ChunkedSamples<float>(table, pipeline, (0, TableRows), own, options, 100), Throws.TypeOf<UsageException>().With.Message.Contains("B are allowed: allow more"));
    });

    [Test]
    public void Augmented_samples_are_learnt_with_the_same_bits([Sizes] int size) => OnEveryRank(size, comm =>
    {
        Model model = new(new Shape(6, 6, 2), new Convolution2D(3, 3), new Activation(ActivationFunction.Relu), new Flatten(), new SoraHpc.Learning.Blocks.Dense(4));
        SampleTable<float> samples = SamplesOf(model, 101, classes: 4, words: 0);
        TrainingOptions options = Options with { Augmentation = new() { Shift = 1.5, Turn = 0.2, Stretch = 0.1, Slant = 0.1, Noise = 0.05, Mix = 0.4 } };
        using Communicator self = comm.Self();

        float[] together = ValuesOf(comm, model, samples, options);

        Assert.That(together, Is.EqualTo(ValuesOf(self, model, samples, options)).AsCollection);
        Assert.That(together, Is.Not.EqualTo(ValuesOf(self, model, samples, Options)).AsCollection);
    });

    private static float[] ValuesOf(Communicator comm, Model model, ISamples<float> samples, TrainingOptions options)
    {
        using Trainer<float> trainer = new(comm, model, samples, options, Products("managed"));
        while (!trainer.IsDone)
            trainer.TakeStep();
        return trainer.Network.Values.ToArray();
    }
}
