using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.Learning.Models;
using SoraHpc.Learning.Training;
using SoraHpc.LinearAlgebra;
using SoraHpc.Runtime;
using SoraHpc.Runtime.Elasticity;

namespace SoraHpc.Jobs.Training;

/// <summary>Classes learnt from a table of features (<see cref="SampleFile"/>); every rank reads its own rows. The same bits on any number of ranks.</summary>
public sealed class TableJob
{
    private readonly TableOptions options;
    private readonly TrainingOptions how;
    private readonly SampleFile training, test;
    private readonly ExplanationFiles? explanations;
    private readonly Dictionary<string, double> found = [];
    private SampleTable<float> learnt = null!, judged = null!;
    private (int First, int End) strata;
    private string table = "";

    private TableJob(TableOptions options, ExplanationFiles? explanations)
    {
        (this.options, this.explanations) = (options, explanations);
        (training, test) = (new(options.Data, ""), new(options.Data, "test_"));
        if (test.Classes != training.Classes)
            throw new SoraException($"{options.Data}: {training.Classes} classes to learn, and {test.Classes} to be judged by");
        how = options.Training with { IsWeighted = training.IsWeighted };
    }

    /// <summary>Whether a name of data is that of a table.</summary>
    public static bool IsTable(string data) => data.EndsWith(".h5", StringComparison.Ordinal);

    /// <summary>The whole job on every rank of a world; losses and accuracies are among the observables of the result. Collective.</summary>
    /// <exception cref="SoraException">A file that cannot be read or written, samples nothing can be learnt from, or training that diverges.</exception>
    public static RunResult Run(Communicator world, TableOptions options, SoraOptions? soraOptions = null)
    {
        TableJob table = new(options, ExplanationFiles.At(options.Explain, world));
        Model model = options.ModelFor(table.training.Shape, table.training.Classes);
        string data = $"{Path.GetFileName(options.Data)}: {table.training.Count} samples, {table.test.Count} to be judged by";
        BlasLibrary library = SameLibrary.Load(world, options.Library);
        TrainingJob<float> job = new("training", model, table.how, MatrixProducts<float>.Of(library), table.Load, table.Finish, data);
        Sora sora = new(new TrainingSource(table.how.Strata), options.Partition, options.Balancing, options.Sync, new FixedSize(), soraOptions);
        RunResult result = sora.Run(world, job);
        return result with
        {
            Choices = $"{model}, {model.ParameterCount} parameters; {data}; batches of {table.how.Batch}; {library.Name}; {result.Choices}",
            Observables = table.found,
            Table = table.table,
            WorkUnit = "samples",
            Quality = null,                                 // no halo is exchanged
        };
    }

    private (ISamples<float>, ISamples<float>?) Load(Communicator communicator, int firstStratum, int endStratum)
    {
        strata = (firstStratum, endStratum);
        (learnt, judged) = (Share(training), Share(test));
        return (learnt, judged);
    }

    private SampleTable<float> Share(SampleFile file)
    {
        Strata cut = new(file.Count, how.Strata, how.MicroBatch);
        return file.Read(cut.Begin(strata.First), cut.Begin(strata.End), how.IsWeighted);
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
        if (communicator.IsRoot)
            Leave(trainer);
        if (explanations is not null)
        {
            TableExplanation explanation = new(explanations, trainer, new(communicator, judged, how.Strata, strata.First, strata.End), training.Names);
            explanation.Write();
            if (options.IsLinear && training.Classes == 2)
                table = explanation.WriteCoefficients(learnt, how, strata);
        }
    }

    private void Leave(Trainer<float> trainer)
    {
        if (options.Output is not null)
            ModelFile.Write(options.Output, trainer.Network);
        if (options.Curve is not null)
            TrainingPictures.Write(options.Curve, TrainingPictures.Curve(trainer.History, $"Learning {Path.GetFileName(options.Data)}", $"{trainer.Network.Model.ParameterCount} parameters"));
    }
}
