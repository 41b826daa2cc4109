using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.Learning.Training;
using SoraHpc.Runtime;

namespace SoraHpc.Jobs.Training;

/// <summary>Classes learnt from a table of features (<see cref="SampleFile"/>); every rank reads its own rows. The same bits on any number of ranks.</summary>
public sealed class TableJob
{
    private readonly TableOptions options;
    private readonly SampleFile training, test;
    private readonly ExplanationFiles? explanations;
    private readonly ClassifierRun run;
    private SampleTable<float> learnt = null!, judged = null!;
    private (int First, int End) strata;
    private string table = "";

    private TableJob(Communicator world, TableOptions options)
    {
        explanations = ExplanationFiles.At(options.Explain, world);
        (training, test) = (new(options.Data, ""), new(options.Data, "test_"));
        if (test.Classes != training.Classes)
            throw new SoraException($"{options.Data}: {training.Classes} classes to learn, and {test.Classes} to be judged by");
        this.options = options with { Training = options.Training with { IsWeighted = training.IsWeighted } };
        run = new(world, this.options)
        {
            Data = $"{Path.GetFileName(options.Data)}: {training.Count} samples, {test.Count} to be judged by",
            WorkUnit = "samples",
            Load = Load,
            Finish = Finish,
        };
    }

    /// <summary>Whether a name of data is that of a table.</summary>
    public static bool IsTable(string data) => data.EndsWith(".h5", StringComparison.Ordinal);

    /// <summary>The whole job on every rank of a world; losses and accuracies are among the observables of the result. Collective.</summary>
    /// <exception cref="SoraException">A file that cannot be read or written, samples nothing can be learnt from, or training that diverges.</exception>
    public static RunResult Run(Communicator world, TableOptions options, SoraOptions? soraOptions = null)
    {
        TableJob job = new(world, options);
        RunResult result = job.run.Train(TableModel.For(job.training.Shape, job.training.Classes, options.IsLinear), soraOptions);
        return result with { Table = job.table };
    }

    private (ISamples<float>, ISamples<float>) Load(Communicator communicator, int firstStratum, int endStratum)
    {
        strata = (firstStratum, endStratum);
        (learnt, judged) = (Share(training), Share(test));
        return (learnt, judged);
    }

    private SampleTable<float> Share(SampleFile file)
    {
        Strata cut = new(file.Count, options.Training.Strata, options.Training.MicroBatch);
        return file.Read(cut.Begin(strata.First), cut.Begin(strata.End), options.Training.IsWeighted);
    }

    private void Finish(Communicator communicator, Trainer<float> trainer, Evaluation validation)
    {
        if (communicator.IsRoot && options.Curve is not null)
            TrainingCurve.Write(options.Curve, trainer, $"Learning {Path.GetFileName(options.Data)}");
        if (explanations is not null)
        {
            TableExplanation explanation = new(explanations, trainer, new(communicator, judged, options.Training.Strata, strata.First, strata.End), training.Names);
            explanation.Write();
            if (options.IsLinear && training.Classes == 2)
                table = explanation.WriteCoefficients(learnt, options.Training, strata);
        }
    }
}
