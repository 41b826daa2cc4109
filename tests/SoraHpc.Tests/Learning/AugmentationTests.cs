using NUnit.Framework;
using SoraHpc.Communication.Threads;
using SoraHpc.Diagnostics;
using SoraHpc.Jobs.Training;
using SoraHpc.Learning.Blocks;
using SoraHpc.Learning.Models;
using SoraHpc.Learning.Training;
using SoraHpc.LinearAlgebra;

namespace SoraHpc.Tests.Learning;

public sealed class AugmentationTests
{
    private static readonly Shape Image = new(9, 9, 1);

    [Test]
    public void A_moved_image_keeps_its_brightness_and_moves_no_further_than_asked()
    {
        float[] image = new float[81], moved = new float[81 * 16];
        image[4 * 9 + 4] = 1;
        for (int i = 0; i < 16; i++)
            image.CopyTo(moved, 81 * i);
        Apply(new() { Shift = 2 }, Image, moved, new float[16], epoch: 3);

        HashSet<double> places = [];
        for (int i = 0; i < 16; i++)
        {
            ReadOnlySpan<float> own = moved.AsSpan(81 * i, 81);
            double sum = 0, row = 0, column = 0;
            for (int pixel = 0; pixel < 81; pixel++)
                (sum, row, column) = (sum + own[pixel], row + own[pixel] * (pixel / 9), column + own[pixel] * (pixel % 9));
            Assert.That(sum, Is.EqualTo(1).Within(1e-5));
            Assert.That((row, column), Is.EqualTo((4.0, 4.0)).Using<(double, double)>((a, b) => Math.Abs(a.Item1 - b.Item1) <= 2 && Math.Abs(a.Item2 - b.Item2) <= 2));
            places.Add(Math.Round(row, 4));
        }
        Assert.That(places, Has.Count.EqualTo(16));
    }

    [Test]
    public void Turned_stretched_and_slanted_the_middle_stays_and_a_turn_keeps_distances()
    {
        float[] bars = new float[81 * 16], labels = new float[16];
        for (int i = 0; i < 16; i++)
            for (int row = 0; row < 9; row++)
                bars[81 * i + row * 9 + 4] = 1;
        float[] turned = [.. bars], slanted = [.. bars];
        Apply(new() { Turn = 0.5 }, Image, turned, labels, epoch: 0);
        Apply(new() { Slant = 0.5, Stretch = 0.2 }, Image, slanted, labels, epoch: 0);

        for (int i = 0; i < 16; i++)
        {
            Assert.That(turned[81 * i + 40], Is.EqualTo(1).Within(1e-6));
            Assert.That(slanted[81 * i + 40], Is.EqualTo(1).Within(1e-6));
            // Three pixels up, the bar is at 3·tan of its angle, of ½ at most.
            double at = Enumerable.Range(0, 9).Sum(column => turned[81 * i + 9 + column] * (double)column) / Enumerable.Range(0, 9).Sum(column => (double)turned[81 * i + 9 + column]);
            Assert.That(Math.Abs(at - 4), Is.LessThanOrEqualTo(3 * Math.Tan(0.5) + 0.2));
        }
        Assert.That(turned, Is.Not.EqualTo(bars).AsCollection);
    }

    [Test]
    public void Noise_has_the_deviation_asked_for_and_is_another_one_in_every_epoch()
    {
        float[] first = new float[16 * 500], second = new float[16 * 500];
        Apply(new() { Noise = 0.3 }, new Shape(500), first, new float[16], epoch: 0);
        Apply(new() { Noise = 0.3 }, new Shape(500), second, new float[16], epoch: 1);

        Assert.That(first.Average(), Is.EqualTo(0).Within(4 * 0.3 / Math.Sqrt(8000)));
        Assert.That(Math.Sqrt(first.Average(x => x * x)), Is.EqualTo(0.3).Within(4 * 0.3 / Math.Sqrt(16000)));
        Assert.That(first.Zip(second).Average(pair => pair.First * pair.Second), Is.EqualTo(0).Within(4 * 0.09 / Math.Sqrt(8000)));
    }

    [Test]
    public void Mixed_samples_stay_in_their_class_and_between_their_parents()
    {
        float[] inputs = [.. Enumerable.Range(0, 16).Select(i => (float)(100 * (i % 3) + i))], labels = [.. Enumerable.Range(0, 16).Select(i => (float)(i % 3))];
        float[] before = [.. inputs];
        Apply(new() { Mix = 0.5 }, new Shape(1), inputs, labels, epoch: 0);

        for (int i = 0; i < 16; i++)
        {
            Assert.That(inputs[i], Is.InRange(100 * (i % 3), 100 * (i % 3) + 15));
            Assert.That(Math.Abs(inputs[i] - before[i]), Is.GreaterThan(0).And.LessThanOrEqualTo(0.5 * 15));
            Assert.That(labels[i], Is.EqualTo(i % 3));
        }
    }

    [Test]
    public void Targets_that_are_numbers_are_mixed_like_their_samples()
    {
        float[] inputs = [.. Enumerable.Range(0, 16).Select(i => (float)i)], targets = [.. inputs.Select(x => 2 * x + 1)];
        Apply(new() { Mix = 0.9 }, new Shape(1), inputs, targets, epoch: 0, Loss.MeanSquaredError);

        Assert.That(targets, Is.EqualTo(inputs.Select(x => 2 * x + 1)).Within(1e-5));
        Assert.That(inputs, Is.Not.EqualTo(Enumerable.Range(0, 16).Select(i => (float)i)).AsCollection);
    }

    [Test]
    public void Nothing_is_allocated_for_a_micro_batch()
    {
        Augmenter<float> augmenter = new(new() { Shift = 2, Turn = 0.1, Noise = 0.1, Mix = 0.5 }, new SampleTable<float>(Image, new float[81 * 16], new float[16]), new TrainingOptions());
        float[] inputs = new float[81 * 16], labels = new float[16];
        long[] indices = [.. Enumerable.Range(0, 16)];
        augmenter.Apply(new Pass(indices, isTraining: true), inputs, labels);
        long before = GC.GetAllocatedBytesForCurrentThread();
        augmenter.Apply(new Pass(indices, isTraining: true, epoch: 1), inputs, labels);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    [Test]
    public void Few_digits_teach_more_when_they_are_augmented()
    {
        double plain = Accuracy(null), augmented = Accuracy(new() { Shift = 2, Turn = 0.2, Stretch = 0.1, Slant = 0.2 });
        TestContext.Out.WriteLine(FormattableString.Invariant($"{plain:P1} plain, {augmented:P1} augmented"));
        Assert.That(augmented - plain, Is.GreaterThan(0.02));
    }

    [Test]
    public void What_cannot_be_augmented_is_told_in_one_line()
    {
        Assert.That(() => Apply(new() { Turn = 1 }, new Shape(4), new float[64], new float[16], 0), Throws.TypeOf<UsageException>().With.Message.StartsWith("shifts, turns, stretches and slants are for images, and samples are 4"));
        Assert.That(() => new Augmentation { Mix = 1 }, Throws.TypeOf<UsageException>().With.Message.EqualTo("augmentation by a share to mix of 1: give a number from 0 on and below 1"));
        Assert.That(() => new Augmentation { Noise = double.NaN }, Throws.TypeOf<UsageException>());
    }

    // A small network learns 240 digits; 1500 others judge it.
    private static double Accuracy(Augmentation? augmentation)
    {
        double accuracy = 0;
        SampleTable<float> few = DigitImages.Make(0, 240, 240, DigitImages.TrainingSet), judged = DigitImages.Make(0, 1500, 1500, DigitImages.TestSet);
        Model model = new(DigitImages.Shape, new Convolution2D(8, 5), new Activation(ActivationFunction.Relu), new MaxPooling(2), new Convolution2D(16, 5),
            new Activation(ActivationFunction.Relu), new MaxPooling(2), new Flatten(), new SoraHpc.Learning.Blocks.Dense(10));
        TrainingOptions options = new() { Epochs = 40, MicroBatch = 4, Rate = new() { Base = 3e-3, Schedule = RateSchedule.Cosine }, Augmentation = augmentation };
        ThreadWorld.Run(2, world =>
        {
            using Trainer<float> trainer = new(world, model, few, options, MatrixProducts<float>.Of(SameLibrary.Load(world)));
            while (!trainer.IsDone)
                trainer.TakeStep();
            accuracy = trainer.Evaluate(judged).Accuracy;
        });
        return accuracy;
    }

    private static void Apply(Augmentation augmentation, Shape shape, float[] inputs, float[] targets, int epoch, Loss loss = Loss.CrossEntropy)
    {
        Augmenter<float> augmenter = new(augmentation, new SampleTable<float>(shape, inputs, targets), new TrainingOptions { Loss = loss });
        augmenter.Apply(new Pass([.. Enumerable.Range(0, 16).Select(i => (long)i)], isTraining: true, epoch), inputs, targets);
    }
}
