using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.Learning.Blocks;
using SoraHpc.Learning.Models;
using SoraHpc.Learning.Training;
using SoraHpc.LinearAlgebra;
using SoraHpc.Runtime;
using SoraHpc.Runtime.Elasticity;

namespace SoraHpc.Jobs.Training;

/// <summary>Classes learnt from a table of features (<see cref="SampleFile"/>); every rank reads its own rows. The same bits on any number of ranks.</summary>
public sealed class TableJob
{
    private const int Units = 64;

    private readonly DigitsOptions options;
    private readonly SampleFile training, test;
    private readonly Dictionary<string, double> found = [];
    private SampleTable<float> judged = null!;

    private TableJob(DigitsOptions given)
    {
        (training, test) = (new(given.Data, ""), new(given.Data, "test_"));
        if (given.Picture is not null)
            throw new UsageException("a picture shows images, and a table has none: leave it away");
        if (test.Classes != training.Classes)
            throw new SoraException($"{given.Data}: {training.Classes} classes to learn, and {test.Classes} to be judged by");
        options = given with { Training = given.Training with { IsWeighted = training.IsWeighted } };
    }

    /// <summary>Whether a name of data is that of a table.</summary>
    public static bool IsTable(string data) => data.EndsWith(".h5", StringComparison.Ordinal);

    /// <summary>The whole job on every rank of a world; losses and accuracies are among the observables of the result. Collective.</summary>
    /// <param name="options">Of which <see cref="DigitsOptions.Data"/> is the file, and numbers of images mean nothing.</param>
    /// <exception cref="SoraException">A file that cannot be read or written, samples nothing can be learnt from, or training that diverges.</exception>
    public static RunResult Run(Communicator world, DigitsOptions options, SoraOptions? soraOptions = null)
    {
        TableJob table = new(options);
        Model model = options.IsLinear ? new(table.training.Shape, new Dense(table.training.Classes))
            : new(table.training.Shape, new Dense(Units), new Activation(ActivationFunction.Relu), new Dense(table.training.Classes));
        string data = $"{Path.GetFileName(options.Data)}: {table.training.Count} samples, {table.test.Count} to be judged by";
        BlasLibrary library = SameLibrary.Load(world, options.Library);
        TrainingOptions training = table.options.Training;
        TrainingJob<float> job = new("training", model, training, MatrixProducts<float>.Of(library), table.Load, table.Finish, data);
        Sora sora = new(new TrainingSource(training.Strata), options.Partition, options.Balancing, options.Sync, new FixedSize(), soraOptions);
        RunResult result = sora.Run(world, job);
        return result with
        {
            Choices = $"{model}, {model.ParameterCount} parameters; {data}; batches of {training.Batch}; {library.Name}; {result.Choices}",
            Observables = table.found,
            WorkUnit = "samples",
            Quality = null,                                 // no halo is exchanged
        };
    }

    private (ISamples<float>, ISamples<float>?) Load(Communicator communicator, int firstStratum, int endStratum)
    {
        judged = Share(test, firstStratum, endStratum);
        return (Share(training, firstStratum, endStratum), judged);
    }

    private SampleTable<float> Share(SampleFile file, int firstStratum, int endStratum)
    {
        Strata strata = new(file.Count, options.Training.Strata, options.Training.MicroBatch);
        return file.Read(strata.Begin(firstStratum), strata.Begin(endStratum), options.Training.IsWeighted);
    }

    private void Finish(Communicator communicator, Trainer<float> trainer)
    {
        EpochReport last = trainer.History[^1];
        Evaluation validation = trainer.Evaluate(judged);       // of the parameters kept, which an early stop may have taken from before
        found["epochs"] = trainer.History.Count;
        found["training loss"] = last.Training.Loss;
        found["training accuracy"] = last.Training.Accuracy;
        found["test loss"] = validation.Loss;
        found["test accuracy"] = validation.Accuracy;
        if (!communicator.IsRoot)
            return;
        if (options.Output is not null)
            ModelFile.Write(options.Output, trainer.Network);
        if (options.Curve is not null)
            DigitsPictures.WriteCurve(options.Curve, trainer.History, trainer.Network.Model);
    }
}
