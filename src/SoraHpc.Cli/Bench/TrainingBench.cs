using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using SoraHpc.Cli.CommandLine;
using SoraHpc.Cli.Run;
using SoraHpc.Communication;
using SoraHpc.Jobs.Training;
using SoraHpc.Learning.Blocks;
using SoraHpc.Learning.Models;
using SoraHpc.Learning.Training;
using SoraHpc.LinearAlgebra;

namespace SoraHpc.Cli.Bench;

/// <summary>Images a second of softmax regression, of a network with one layer of units and of the digits' convolution network, forward, backward and step,
/// beside NumPy and scikit-learn on as many threads as there are ranks; all take turns and the best of each counts.</summary>
internal sealed class TrainingBench : IBenchCommand
{
    private const int DefaultRounds = 5, Images = 4800, Units = 64;

    // OpenBLAS's threads wait for the next product, busily, for some 20 ms before they sleep.
    private static readonly TimeSpan UntilThreadsSleep = TimeSpan.FromMilliseconds(60);

    // Long enough that a turn takes some ten milliseconds.
    private static readonly (string Name, int Steps)[] Models = [("softmax", 200), ("layers", 100), ("convolution", 10)];

    private readonly Option<string?> blas = CommandOptions.Text("--blas", "auto, mkl, openblas, blis, system, managed or a path. Default: SORA_BLAS, else auto, as rank 0 finds it", "LIBRARY");
    private readonly Option<int?> rounds = CommandOptions.Integer("--rounds", $"Turns of each side. Default: {DefaultRounds}", least: 1);

    /// <inheritdoc/>
    public string Name => "training";

    /// <inheritdoc/>
    public string Description => "Images a second that three models learn from, beside NumPy and scikit-learn.";

    /// <inheritdoc/>
    public string Example => "sora bench training --ranks 2";

    /// <inheritdoc/>
    public IReadOnlyList<Option> Options => [blas, rounds];

    /// <inheritdoc/>
    public int Run(ParseResult parsed, RankLauncher launcher, TextWriter output)
    {
        int turns = parsed.GetValue(rounds) ?? DefaultRounds;
        string library = BlasChoice.Options(parsed.GetValue(blas)).Library;
        return launcher.Run(world =>
        {
            using BenchFolder folder = new(world);
            BlasLibrary found = SameLibrary.Load(world, library);
            TrainingOptions training = new() { Epochs = 1_000_000, Optimiser = new Sgd(), Rate = new() { Base = 0.01 } };
            using TrainingPeer? peer = world.IsRoot ? TrainingPeer.Start(folder, Images, training.Batch, world.Size) : null;
            TextWriter to = world.IsRoot ? output : TextWriter.Null;
            to.WriteLine($"batches of {training.Batch} images, {found.Name}, {world.Size} rank{(world.Size == 1 ? "" : "s")}; the others on {world.Size} thread{(world.Size == 1 ? "" : "s")}; best of {turns}, in turn");
            foreach ((string name, int steps) in Models)                // small products gain most by being longer
                Measure(world, found, peer, to, name == "convolution" ? training : training with { Strata = 4, MicroBatch = training.Batch / 4 }, turns, name, steps);
            to.Flush();
        });
    }

    private static void Measure(Communicator world, BlasLibrary library, TrainingPeer? peer, TextWriter output, TrainingOptions training, int rounds, string name, int steps)
    {
        SampleTable<float> images = DigitImages.Make(0, Images, Images, seed: 1);
        using Trainer<float> trainer = new(world, ModelOf(name), images, training, MatrixProducts<float>.Of(library));
        double here = double.PositiveInfinity;
        Dictionary<string, double?> there = [];
        for (int round = 0; round <= rounds; round++)
        {
            foreach (string other in (string[])["numpy", "sklearn"])
                there[other] = peer?.Measure(other, name, steps) is { } seconds ? Math.Min(seconds, there.GetValueOrDefault(other) ?? double.PositiveInfinity) : null;
            AwaitTurn(world);
            long begun = Stopwatch.GetTimestamp();
            for (int step = 0; step < steps; step++)
                trainer.TakeStep();
            if (round > 0)                                  // the first compiles
                here = Math.Min(here, world.Allreduce(Stopwatch.GetElapsedTime(begun).TotalSeconds, ReduceOperation.Max));
        }
        double count = (double)steps * training.Batch;
        string Beside(string title, string other) => there[other] is { } seconds ? string.Create(CultureInfo.InvariantCulture, $"; {title} {count / seconds,9:0}, ratio {seconds / here:0.00}")
            : name == "convolution" && other == "sklearn" ? "" : $"; no {title} beside it";
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-12} {count / here,9:0} images/s{Beside("NumPy", "numpy")}{Beside("scikit-learn", "sklearn")}"));
    }

    // While the others compute ranks sleep: one that waits within MPI would keep a core from them.
    private static void AwaitTurn(Communicator world)
    {
        Request isOurs = world.StartBarrier();
        while (!isOurs.Test(out _))
            Thread.Sleep(1);
        Thread.Sleep(UntilThreadsSleep);
        world.Barrier();
    }

    // The digits' network without dropout, which the others have not either.
    private static Model ModelOf(string name) => name == "layers" ? new(DigitImages.Shape, new Flatten(), new Dense(Units), new Activation(ActivationFunction.Relu), new Dense(DigitImages.Classes))
        : new(DigitImages.Shape, [.. new DigitsOptions { IsLinear = name == "softmax" }.ModelFor(DigitImages.Shape).Blocks.Blocks.Where(block => block is not Dropout)]);
}
