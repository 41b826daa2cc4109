using NUnit.Framework;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.Learning.Blocks;
using SoraHpc.Learning.Explanations;
using SoraHpc.Learning.Models;
using SoraHpc.Learning.Training;
using SoraHpc.LinearAlgebra;
using SoraHpc.Solvers.RandomNumbers;

namespace SoraHpc.Tests.Contracts;

/// <summary>What explanations must be on every transport.</summary>
public abstract class ExplanationContract
{
    private const int Samples = 61, Features = 5, Classes = 3, Strata = 6, Repeats = 3;

    private static readonly TrainingOptions Options = new() { Epochs = 2, Strata = Strata, MicroBatch = 4, Rate = new() { Base = 0.05 } };

    private static readonly Model Network = new(new Shape(Features), new SoraHpc.Learning.Blocks.Dense(6), new Activation(ActivationFunction.Relu), new SoraHpc.Learning.Blocks.Dense(Classes));

    /// <summary>Runs <paramref name="body"/> on <paramref name="size"/> ranks; ignores the test where the world has fewer.</summary>
    protected abstract void OnEveryRank(int size, Action<Communicator> body);

    private sealed class SizesAttribute() : ValuesAttribute(1, 2, 3, 4);

    [Test]
    public void Importance_has_the_bits_of_a_plain_loop_over_permuted_tables([Sizes] int size)
    {
        FeatureGroup[] groups = [new("first", [0]), new("two together", [3, 1]), new("constant", [4])];
        OnEveryRank(size, comm =>
        {
            using Trainer<float> trainer = Trained(comm);
            Importance[] found = PermutationImportance.Measure(Share(comm), groups, trainer.Evaluate, Repeats, seed: 9);

            for (int group = 0; group < groups.Length; group++)
            {
                (double mean, double deviation, double accuracy) = Plain(trainer.Network, groups[group].Columns, group);
                Assert.That((found[group].Name, found[group].Loss, found[group].Deviation), Is.EqualTo((groups[group].Name, mean, deviation)));
                Assert.That(found[group].Accuracy, Is.EqualTo(accuracy).Within(1e-15));
            }
            Assert.That(found[2].Loss, Is.Zero);                // all samples have the same number there
            Assert.That(found[0].Deviation, Is.Positive);
        });
    }

    [Test]
    public void Confusion_dependence_and_interaction_have_the_bits_of_one_rank([Sizes] int size)
    {
        OnEveryRank(size, comm =>
        {
            using Trainer<float> trainer = Trained(comm);
            SampleShare<float> share = Share(comm), alone = new(comm.Self(), All(), Strata, 0, Strata);
            float[][] points = [[-1, 0.5f], [0, 0], [0.25f, 2]];

            Assert.That(ConfusionMatrix.Of(share, trainer.Network), Is.EqualTo(ConfusionMatrix.Of(alone, trainer.Network)));
            Assert.That(PartialDependence.Of(share, trainer.Network, 1, [2, 0], points), Is.EqualTo(PartialDependence.Of(alone, trainer.Network, 1, [2, 0], points)).AsCollection);
            Assert.That(FeatureInteraction.Of(share, trainer.Network, 2, [0, 1, 3], 7), Is.EqualTo(FeatureInteraction.Of(alone, trainer.Network, 2, [0, 1, 3], 7)));
            Assert.That(share.Gather([0, 60, 17]).Inputs, Is.EqualTo(alone.Gather([0, 60, 17]).Inputs).AsCollection);
        });
    }

    [Test]
    public void Ranks_may_have_their_strata_in_any_order()
    {
        OnEveryRank(2, comm =>
        {
            (int first, int end) = comm.Rank == 0 ? (2, Strata) : (0, 2);
            using Trainer<float> trainer = Trained(comm, [1, 1, 0, 0, 0, 0]);
            Importance[] found = PermutationImportance.Measure(new SampleShare<float>(comm, Held(first, end), Strata, first, end), [new("second", [1])], trainer.Evaluate, Repeats, seed: 9);

            Assert.That(found[0].Loss, Is.EqualTo(Plain(trainer.Network, [1], 0).Mean));
        });
    }

    [Test]
    public void What_cannot_be_explained_is_told_in_one_line()
    {
        OnEveryRank(1, comm =>
        {
            using Trainer<float> trainer = Trained(comm);
            SampleShare<float> share = Share(comm);
            Assert.That(() => PermutationImportance.Measure(share, [new("none", [Features])], trainer.Evaluate), Throws.TypeOf<UsageException>().With.Message.EqualTo("none: columns 5 are none of samples of 5: give each once, from 0 to 4"));
            Assert.That(() => PermutationImportance.Measure(share, [], trainer.Evaluate, repeats: 0), Throws.TypeOf<UsageException>().With.Message.EqualTo("0 permutations of each feature: give 1 or more"));
            Assert.That(() => PartialDependence.Of(share, trainer.Network, 3, [0], [[1f]]), Throws.TypeOf<UsageException>().With.Message.StartsWith("output 3 by columns 0: the model takes 5 and gives 3"));
            Assert.That(() => new SampleShare<float>(comm, All(), Strata, 1, Strata), Throws.TypeOf<SoraException>().With.Message.EqualTo("rank 0 has strata [1, 6) where 0 is the next one: deal every stratum to one rank"));
            Assert.That(() => new SampleShare<float>(comm, All(), Strata, 0, 4), Throws.TypeOf<SoraException>().With.Message.EqualTo("the ranks have 4 of 6 strata: deal every stratum to one rank"));
        });
    }

    // The whole table on one rank, permuted by hand, and losses added up stratum by stratum.
    private static (double Mean, double Deviation, double Accuracy) Plain(Network<float> network, int[] columns, int group)
    {
        (double asIs, double rightAsIs) = Evaluate(network, All());
        double[] losses = new double[Repeats];
        double right = 0;
        for (int repeat = 0; repeat < Repeats; repeat++)
        {
            RowPermutation permutation = PermutationImportance.PermutationOf(Samples, group, repeat, 9);
            (double loss, double rightly) = Evaluate(network, All((row, column) => columns.Contains(column) ? (int)permutation.At(row) : row));
            losses[repeat] = loss - asIs;
            right += (rightAsIs - rightly) / Repeats;
        }
        double mean = losses.Sum() / Repeats;
        return (mean, Math.Sqrt(losses.Sum(loss => (loss - mean) * (loss - mean)) / (Repeats - 1)), right);
    }

    private static (double Loss, double Right) Evaluate(Network<float> network, SampleTable<float> table)
    {
        Strata cut = new(Samples, Strata, 4);
        double loss = 0, right = 0;
        for (int stratum = 0; stratum < Strata; stratum++)
        {
            double own = 0;
            for (long begin = cut.Begin(stratum); begin < cut.Begin(stratum + 1); begin += 4)
            {
                long[] indices = [.. Enumerable.Range((int)begin, (int)Math.Min(4, cut.Begin(stratum + 1) - begin)).Select(i => (long)i)];
                float[] inputs = new float[indices.Length * Features], targets = new float[indices.Length];
                table.Read(indices, inputs, targets);
                float[] predicted = network.Forward(new Pass(indices, isTraining: false), inputs).ToArray();
                own += LossKernel.Evaluate<float>(Loss.CrossEntropy, Classes, predicted, targets, new float[predicted.Length]);
                right += targets.Where((label, i) => LossKernel.LargestOf<float>(predicted.AsSpan(i * Classes, Classes)) == (int)label).Count();
            }
            loss += own;
        }
        return (loss / Samples, right / Samples);
    }

    private static Trainer<float> Trained(Communicator comm, int[]? owners = null)
    {
        Trainer<float> trainer = new(comm, Network, All(), Options, MatrixProducts<float>.Of(BlasLibrary.Load(new BlasOptions { Library = BlasLibrary.Managed, Threads = 1 })), owners);
        while (!trainer.IsDone)
            trainer.TakeStep();
        return trainer;
    }

    private static SampleShare<float> Share(Communicator comm)
    {
        int[] owners = Trainer<float>.EvenOwners(Strata, comm.Size);
        (int first, int end) = (Array.IndexOf(owners, comm.Rank), Array.LastIndexOf(owners, comm.Rank) + 1);
        return new(comm, Held(first, end), Strata, first, end);
    }

    // This rank's own alone: it has no other samples to look at.
    private static SampleTable<float> Held(int first, int end)
    {
        Strata cut = new(Samples, Strata, 4);
        (long begin, long behind) = (cut.Begin(first), cut.Begin(end));
        float[] inputs = new float[(behind - begin) * Features], targets = new float[behind - begin];
        All().Read([.. Enumerable.Range((int)begin, targets.Length).Select(i => (long)i)], inputs, targets);
        return new(new Shape(Features), inputs, targets, begin, Samples);
    }

    private static SampleTable<float> All(Func<int, int, int>? sourceOf = null)
    {
        RandomSequence random = new(4, 2);
        float Value(int row, int column) => column == Features - 1 ? 0.5f : (float)random.NormalAt(row * Features + column);
        return new(new Shape(Features), [.. from row in Enumerable.Range(0, Samples) from column in Enumerable.Range(0, Features) select Value(sourceOf?.Invoke(row, column) ?? row, column)],
            [.. Enumerable.Range(0, Samples).Select(row => (float)((row * 7 + 3) % 11 % Classes))]);
    }
}
