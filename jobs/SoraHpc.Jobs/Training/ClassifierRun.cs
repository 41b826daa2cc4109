using SoraHpc.Communication;
using SoraHpc.Learning.Models;
using SoraHpc.Learning.Training;
using SoraHpc.LinearAlgebra;
using SoraHpc.Runtime;

namespace SoraHpc.Jobs.Training;

/// <summary>A run that trains one network to tell classes apart: what jobs have in common that differ in their samples, and in what they make of the network.</summary>
internal sealed class ClassifierRun
{
    private readonly Communicator world;
    private readonly NetworkOptions options;
    private readonly BlasLibrary library;
    private ISamples<float> judged = null!;

    /// <summary>With the library of dense algebra that the options name. Collective.</summary>
    internal ClassifierRun(Communicator world, NetworkOptions options)
    {
        (this.world, this.options) = (world, options);
        library = SameLibrary.Load(world, options.Library);
        Products = MatrixProducts<float>.Of(library);
    }

    /// <summary>What the network computes with.</summary>
    internal MatrixProducts<float> Products { get; }

    /// <summary>The observables of the result: losses and accuracies, and what a job adds when it finishes.</summary>
    internal Dictionary<string, double> Found { get; } = [];

    /// <summary>Data, as the result names them; part of the run's fingerprint.</summary>
    internal required string Data { get; init; }

    /// <summary>What samples are: "images".</summary>
    internal required string WorkUnit { get; init; }

    /// <summary>A rank's samples, to learn from and to be judged by, of strata from one to before another.</summary>
    internal required Func<Communicator, int, int, (ISamples<float> Learnt, ISamples<float> Judged)> Load { get; init; }

    /// <summary>What the job makes of the trained network and its evaluation, on every rank, after rank 0 has written the model. Default: nothing.</summary>
    internal Action<Communicator, Trainer<float>, Evaluation>? Finish { get; init; }

    /// <summary>Trains the model and judges it. Collective.</summary>
    internal RunResult Train(Model model, SoraOptions? run)
    {
        TrainingJob<float> job = new("training", model, options.Training, Products, LoadBoth, Judge, Data);
        RunResult result = options.Over(options.Training.Strata, run).Run(world, job);
        return result with
        {
            Choices = $"{model}, {model.ParameterCount} parameters; {Data}; batches of {options.Training.Batch}; {library.Name}; {result.Choices}",
            Observables = Found,
            WorkUnit = WorkUnit,
            Quality = null,                                 // no halo is exchanged
        };
    }

    private (ISamples<float>, ISamples<float>?) LoadBoth(Communicator communicator, int firstStratum, int endStratum)
    {
        (ISamples<float> learnt, judged) = Load(communicator, firstStratum, endStratum);
        return (learnt, judged);
    }

    private void Judge(Communicator communicator, Trainer<float> trainer)
    {
        Evaluation last = trainer.History[^1].Training, validation = trainer.Evaluate(judged);      // of the parameters kept, which an early stop may have taken from before
        Found["epochs"] = trainer.History.Count;
        Found["training loss"] = last.Loss;
        Found["training accuracy"] = last.Accuracy;
        Found["test loss"] = validation.Loss;
        Found["test accuracy"] = validation.Accuracy;
        if (communicator.IsRoot && options.Output is not null)
            ModelFile.Write(options.Output, trainer.Network);
        Finish?.Invoke(communicator, trainer, validation);
    }
}
