using System.Numerics;
using SoraHpc.Communication;
using SoraHpc.Learning.Models;
using SoraHpc.LinearAlgebra;
using SoraHpc.Runtime;
using SoraHpc.Runtime.Resilience;
using SoraHpc.Storage.Checkpoints;

namespace SoraHpc.Learning.Training;

/// <summary>Training as a job: a particle is a rank's strata, a step is a batch. It survives: a run goes on from its newest checkpoint, on any number of
/// ranks, with the same bits.</summary>
/// <param name="name">Short name for reports.</param>
/// <param name="model">What is trained.</param>
/// <param name="options">How.</param>
/// <param name="products">Matrix products: the same library on every rank.</param>
/// <param name="load">Gives this rank's samples to learn from, and to be judged by (null for none), for its strata [begin, end). Called by every
/// rank, in <see cref="Prepare"/>.</param>
/// <param name="finish">What to do with the trained network; called by every rank, after the last step.</param>
/// <param name="data">What the samples are, for <see cref="Fingerprint"/>.</param>
public sealed class TrainingJob<T>(string name, Model model, TrainingOptions options, MatrixProducts<T> products,
    Func<Communicator, int, int, (ISamples<T> Training, ISamples<T>? Validation)> load, Action<Communicator, Trainer<T>> finish, string data)
    : ICheckpointedJob where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private Trainer<T> trainer = null!;
    private ISamples<T>? validation;
    private long waited;

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public bool IsDone => trainer.IsDone;

    /// <inheritdoc/>
    public ulong Fingerprint => ResultFingerprint.Of(model, options, typeof(T).Name, data);

    /// <inheritdoc/>
    public JobProgress Progress
    {
        get
        {
            string judged = trainer.History is [.., var last]
                ? FormattableString.Invariant($", loss {last.Training.Loss:G4}{(last.Validation is { } seen ? $", accuracy {seen.Accuracy:P1}" : "")}") : "";
            return new((double)trainer.Step / trainer.Steps, FormattableString.Invariant($"epoch {Math.Min(options.Epochs, trainer.Step / trainer.StepsPerEpoch + 1)} of {options.Epochs}{judged}"));
        }
    }

    /// <inheritdoc/>
    public void Prepare(Particle particle)
    {
        (int[] ownerOf, int begin, int end) = TrainingSource.SharesOf(particle, name);
        (ISamples<T> samples, validation) = load(particle.Communicator, begin, end);
        trainer = particle.Own(new Trainer<T>(particle.Communicator, model, samples, options, products, ownerOf));
        Strata strata = new(samples.Count, options.Strata, options.MicroBatch);
        SampleCheck.Values(samples, model, options.Loss, strata.Begin(begin), strata.Begin(end), options.IsWeighted);
        if (validation is not null)
        {
            Strata judged = new(validation.Count, options.Strata, options.MicroBatch);
            SampleCheck.Values(validation, model, options.Loss, judged.Begin(begin), judged.Begin(end), options.IsWeighted);
        }
        particle.WorkPerStep = (double)(strata.Begin(end) - strata.Begin(begin)) / strata.Batches;
    }

    /// <inheritdoc/>
    public void Step(Particle particle)
    {
        trainer.TakeStep(validation);
        particle.CountWait(System.Diagnostics.Stopwatch.GetTimestamp() - (trainer.WaitTicks - waited));
        waited = trainer.WaitTicks;
    }

    /// <summary>Nothing: what is followed is the same on every rank already.</summary>
    public void Observe(Particle particle, Observables observables) { }

    /// <inheritdoc/>
    public void Finish(Particle particle) => finish(particle.Communicator, trainer);

    /// <inheritdoc/>
    public void Save(Particle particle, CheckpointWriter checkpoint) => trainer.Save(checkpoint);

    /// <inheritdoc/>
    public void Restore(Particle particle, CheckpointReader checkpoint) => trainer.Restore(checkpoint);
}
