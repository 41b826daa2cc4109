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

/// <summary>Images a second of softmax regression and of the digits' convolution network, forward, backward and step, beside NumPy on one core; the two
/// take turns and the best of each counts.</summary>
internal sealed class TrainingBench : IBenchCommand
{
    private const int DefaultRounds = 5, Images = 4800, SoftmaxSteps = 200, ConvolutionSteps = 10;

    private readonly Option<string?> blas = CommandOptions.Text("--blas", "auto, mkl, openblas, blis, system, managed or a path. Default: SORA_BLAS, else auto, as rank 0 finds it", "LIBRARY");
    private readonly Option<int?> rounds = CommandOptions.Integer("--rounds", $"Turns of each side. Default: {DefaultRounds}", least: 1);

    /// <inheritdoc/>
    public string Name => "training";

    /// <inheritdoc/>
    public string Description => "Images a second that two models learn from, beside NumPy.";

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
            using TrainingPeer? peer = world.IsRoot ? TrainingPeer.Start(folder, Images, training.Batch) : null;
            TextWriter to = world.IsRoot ? output : TextWriter.Null;
            to.WriteLine($"batches of {training.Batch} images, {found.Name}, {world.Size} rank{(world.Size == 1 ? "" : "s")}; NumPy on one core; best of {turns}, in turn");
            Measure(world, found, peer, to, training with { Strata = 4, MicroBatch = training.Batch / 4 }, turns, isLinear: true);    // small products gain most by being longer
            Measure(world, found, peer, to, training, turns, isLinear: false);
            to.Flush();
        });
    }

    private static void Measure(Communicator world, BlasLibrary library, TrainingPeer? peer, TextWriter output, TrainingOptions training, int rounds, bool isLinear)
    {
        SampleTable<float> images = DigitImages.Make(0, Images, Images, seed: 1);
        using Trainer<float> trainer = new(world, ModelOf(isLinear), images, training, MatrixProducts<float>.Of(library));
        (string name, int steps) = isLinear ? ("softmax", SoftmaxSteps) : ("convolution", ConvolutionSteps);
        double here = double.PositiveInfinity, there = double.PositiveInfinity;
        for (int round = 0; round <= rounds; round++)
        {
            there = Math.Min(there, peer?.Measure(name, steps) ?? double.PositiveInfinity);
            world.Barrier();                                // NumPy's turn is over for all
            long begun = Stopwatch.GetTimestamp();
            for (int step = 0; step < steps; step++)
                trainer.TakeStep();
            if (round > 0)                                  // the first compiles
                here = Math.Min(here, world.Allreduce(Stopwatch.GetElapsedTime(begun).TotalSeconds, ReduceOperation.Max));
        }
        double count = (double)steps * training.Batch;
        string beside = peer is null ? "no NumPy beside it" : string.Create(CultureInfo.InvariantCulture, $"NumPy {count / there,10:0}; ratio {there / here:0.00}");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-12} {count / here,10:0} images/s; {beside}"));
    }

    // The digits' network without dropout, which NumPy's has not either.
    private static Model ModelOf(bool isLinear) => new(DigitImages.Shape,
        [.. new DigitsOptions { IsLinear = isLinear }.ModelFor(DigitImages.Shape).Blocks.Blocks.Where(block => block is not Dropout)]);
}
