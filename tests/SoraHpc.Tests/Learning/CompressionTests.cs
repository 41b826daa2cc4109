using NUnit.Framework;
using SoraHpc.Communication.Threads;
using SoraHpc.Diagnostics;
using SoraHpc.Jobs.Training;
using SoraHpc.Learning.Blocks;
using SoraHpc.Learning.Compression;
using SoraHpc.Learning.Models;
using SoraHpc.Learning.Training;
using SoraHpc.Runtime;
using SoraHpc.Storage;
using SoraHpc.Tests.Threads;
using static SoraHpc.Tests.Learning.SinglePrecision;

namespace SoraHpc.Tests.Learning;

using Dense = SoraHpc.Learning.Blocks.Dense;      // not the namespace beside this one

public sealed class CompressionTests : FolderTests
{
    private string ModelPath => In("model.h5");

    // Fibonacci's counts give the deepest tree there is; without a limit its longest word here has 39 bits.
    [Test]
    public void A_huffman_code_is_read_back_and_as_short_as_its_entropy_allows([Values(1, 2, 3, 40, 256)] int symbols, [Values] bool deep)
    {
        int[] counts = new int[symbols];
        for (int i = 0; i < symbols; i++)
            counts[i] = deep ? i < 2 ? 1 : i < 40 ? counts[i - 1] + counts[i - 2] : 0 : 1 + i * i % 17;
        HuffmanCode code = HuffmanCode.Of(counts);
        int[] text = [.. Enumerable.Range(0, symbols).Where(i => counts[i] > 0).SelectMany(i => Enumerable.Repeat(i, 1 + i % 3))];
        BitWriter writer = new();
        foreach (int symbol in text)
            code.Write(writer, symbol);

        BitReader reader = new(writer.ToArray());
        HuffmanCode again = new([.. code.Lengths]);

        Assert.That(text.Select(_ => again.Read(reader)), Is.EqualTo(text));
        double total = counts.Sum(count => (double)count);
        double entropy = counts.Where(count => count > 0).Sum(count => count * Math.Log2(total / count));
        Assert.That(code.BitsOf(counts), Is.GreaterThanOrEqualTo(entropy * (1 - 1e-12)).And.LessThanOrEqualTo(entropy + total));     // Shannon's bounds
    }

    [Test]
    public void A_huffman_code_of_known_counts_has_its_known_length() =>
        Assert.That(HuffmanCode.Of([5, 9, 12, 13, 16, 45]).BitsOf([5, 9, 12, 13, 16, 45]), Is.EqualTo(224));      // Cormen, Leiserson, Rivest and Stein, section 16.3

    [Test]
    public void A_compressed_model_is_read_back_as_it_was([Values] bool shares)
    {
        using Network<float> network = Small();
        CompressedModel written = CompressedModel.Of(network, weight => shares ? Clustering.Of(weight.Values, 0.6, 8) : Quantisation.Of(weight.Values, weight.Tensor.Shape[1]));
        CompressedFile.Write(ModelPath, written);

        CompressedModel read = CompressedFile.Read(ModelPath);

        using Network<float> first = written.Expand(Managed), second = read.Expand(Managed);
        Assert.That(read.Model.ToString(), Is.EqualTo(network.Model.ToString()));
        Assert.That(second.Values.ToArray(), Is.EqualTo(first.Values.ToArray()).AsCollection);
        Assert.That(read.Bytes, Is.EqualTo(written.Bytes));
        using Hdf5File file = Hdf5File.Open(ModelPath);
        using Hdf5Dataset code = file.Dataset("code");
        Assert.That(code.Elements, Is.EqualTo(written.Bytes));              // what is said is what is stored
    }

    [Test]
    public void Another_version_and_damaged_codes_are_refused_in_one_line()
    {
        Assert.That(() => Read(file => file.Attributes.Write("sora_compressed_model", 2)), Throws.TypeOf<SoraException>().With.Message
            .EqualTo($"{ModelPath}: a compressed model of version 2, and this program reads version 1: compress it again, or take the program that wrote it"));
        Assert.That(() => Read(_ => { }), Throws.TypeOf<SoraException>().With.Message.EqualTo($"{ModelPath}: this is no compressed model (it has no attribute sora_compressed_model)"));
        Assert.That(() => Read(file => Code(file, [0, 0, 0])), Throws.TypeOf<SoraException>().With.Message.Contains("a code ends after 3 bytes"));
        Assert.That(() => Read(file => Code(file, [255, 255])), Throws.TypeOf<SoraException>().With.Message.Contains("511 centres"));

        static void Code(Hdf5File file, byte[] code)
        {
            file.Attributes.Write("sora_compressed_model", 1);
            file.Attributes.Write<int>("input", [2]);
            file.Attributes.WriteString("blocks", """{"block":"series","Blocks":[{"block":"dense","Units":3}]}""");
            using Hdf5Dataset dataset = file.CreateDataset<byte>("code", [code.Length]);
            dataset.Write<byte>(dataset.Whole, code);
        }
    }

    [Test]
    public void Clusters_prune_the_smallest_and_give_the_others_their_mean()
    {
        CodedTensor coded = Clustering.Of([0.1f, 5, -4, 0.2f, 5.5f, -4.5f, -0.1f, 0.05f], pruned: 0.5, centres: 2);

        float[] values = new float[8];
        coded.Expand(values);

        Assert.That(values, Is.EqualTo((float[])[0, 5.25f, -4.25f, 0, 5.25f, -4.25f, 0, 0]).AsCollection);
        Assert.That(() => Clustering.Of([1], 1, 2), Throws.TypeOf<UsageException>());
        Assert.That(() => Clustering.Of([1], 0, 256), Throws.TypeOf<UsageException>());
    }

    // Beside central differences of the loss after the shared value itself.
    [Test]
    public void The_gradient_of_a_shared_value_is_the_slope_of_the_loss()
    {
        using Network<float> network = Small();
        CompressedModel code = CompressedModel.Of(network, weight => Clustering.Of(weight.Values, 0.4, 4));
        code.CopyTo(network);
        float[] input = Normal(network.Model.Input.Elements);
        Pass pass = new([0], isTraining: false);
        network.ClearGradients();
        network.Forward(pass, input);
        network.OutputGradient(pass).Fill(1);
        network.Backward(pass, input);
        new SharedWeights(code).Share(network);

        CodedTensor weights = code.Tensors[^2];                               // of the last block: the output is linear in them
        Parameter<float> parameter = network.Parameters[^2];
        for (int centre = 0; centre < weights.Centres.Length; centre++)
        {
            int first = Array.IndexOf(weights.Codes, (byte)centre);
            double slope = (Moved(0.25f) - Moved(-0.25f)) / 0.5;
            Assert.That(parameter.Gradient[first], Is.EqualTo(weights.Centres[centre] == 0 ? 0 : slope).Within(1e-4 * Math.Max(1, Math.Abs(slope))));

            double Moved(float by)
            {
                for (int i = 0; i < weights.Codes.Length; i++)
                    parameter.Values[i] = weights.Centres[weights.Codes[i]] + (weights.Codes[i] == centre ? by : 0);
                double sum = 0;
                foreach (float output in network.Forward(new Pass([0], isTraining: false), input))
                    sum += output;
                code.CopyTo(network);
                return sum;
            }
        }
    }

    [Test]
    public void Learning_on_keeps_zeros_and_shared_values_bit_for_bit_on_any_ranks([Values(1, 2, 3, 4)] int ranks)
    {
        float[] alone = LearnOn(1), together = LearnOn(ranks);

        Assert.That(together, Is.EqualTo(alone).AsCollection);
    }

    [Test]
    public void Fewer_channels_compute_what_all_did_where_the_others_are_silent()
    {
        using Network<float> network = Small();
        Silence(network, 0, channels: 4, channel => channel is 1 or 2);
        Silence(network, 2, channels: 3, channel => channel == 0);
        float[] input = Normal(network.Model.Input.Elements), expected = network.Forward(new Pass([0], false), input).ToArray();

        using Network<float> narrow = ChannelPruning.Of(network, 0.5, Managed), unpruned = ChannelPruning.Of(network, 0, Managed);

        Assert.That(narrow.Model.ToString(), Does.Contain("convolution(2, 3 × 3) → relu → convolution(2, 3 × 3) → flatten → dense(5)"));
        float[] found = narrow.Forward(new Pass([0], false), input).ToArray();
        Assert.That(found.Zip(expected, (x, y) => Math.Abs(x - y)).Max(), Is.LessThan(1e-5 * expected.Max(Math.Abs)));     // 36 and 32 sums in another order
        Assert.That(unpruned.Values.ToArray(), Is.EqualTo(network.Values.ToArray()).AsCollection);

        static void Silence(Network<float> network, int parameter, int channels, Func<int, bool> which)
        {
            for (int place = parameter; place < parameter + 2; place++)
                for (int i = 0; i < network.Parameters[place].Values.Length; i++)
                    if (which(i % channels))
                        network.Parameters[place].Values[i] = 0;
        }
    }

    [Test]
    public void Weights_of_low_rank_are_split_without_loss()
    {
        using Network<float> network = new(new Model(new Shape(8, 8, 3), new Convolution2D(20, 3), new Flatten(), new Dense(40)), Managed, 1, seed: 4);
        foreach (int place in (int[])[0, 2])
        {
            Parameter<float> weights = network.Parameters[place];
            (int rows, int columns) = (weights.Tensor.Shape[0], weights.Tensor.Shape[1]);
            float[] left = Normal(2 * rows, 5), right = Normal(2 * columns, 6);
            for (int i = 0; i < rows; i++)
                for (int j = 0; j < columns; j++)
                    weights.Values[i * columns + j] = left[i] * right[j] + left[rows + i] * right[columns + j];
        }
        float[] input = Normal(192), expected = network.Forward(new Pass([0], false), input).ToArray();

        using Network<float> narrow = LowRank.Of(network, 1 - 1e-9, Managed);

        float[] found = narrow.Forward(new Pass([0], false), input).ToArray();
        double scale = expected.Max(Math.Abs);
        Assert.That(narrow.Model.ToString(), Does.Contain("convolution(2, 3 × 3) → convolution(20, 1 × 1)").And.Contain("dense(2) → dense(40)"));
        Assert.That(found.Zip(expected, (a, b) => Math.Abs(a - b)).Max(), Is.LessThan(1e-4 * scale));
    }

    [Test]
    public void A_budget_out_of_reach_says_the_best_found()
    {
        using Network<float> network = Small();

        Assert.That(() => new CompressionSearch(network, () => 0.5).Search(0.9), Throws.TypeOf<SoraException>().With.Message.Match(@"no code keeps an accuracy of 90.00 ?%: the best found, \d+ bytes, has 50.00 ?%; allow a larger budget"));
    }

    [Test]
    public void A_search_takes_what_is_free_and_ends()
    {
        using Network<float> network = Small();
        CompressionSearch search = new(network, () => 1);

        CompressedModel found = search.Search(1);

        Assert.That(search.Measurements, Is.LessThanOrEqualTo(20 * 3 + 1));
        Assert.That(found.Bytes, Is.LessThan(CompressedModel.Of(network, weight => Quantisation.Of(weight.Values, weight.Tensor.Shape[1])).Bytes / 2));
        Assert.That(search.Path.Select(step => step.Bytes), Is.Ordered.Descending);
    }

    [Test]
    public void A_trained_model_becomes_small_the_same_on_any_ranks()
    {
        DigitsOptions options = new()
        {
            Images = 400, TestImages = 400, Library = "managed", IsLinear = true, Budget = 0.05, Compressed = ModelPath,
            Training = new() { Epochs = 4, Strata = 4, MicroBatch = 8, Rate = new() { Base = 3e-3 } },
        };
        byte[]? code = null;
        for (int ranks = 1; ranks <= 4; ranks += 3)
        {
            RunResult result = OnThreads.RootOf(ranks, world => DigitsJob.Run(world, options));
            using Hdf5File file = Hdf5File.Open(ModelPath);
            using Hdf5Dataset dataset = file.Dataset("code");
            byte[] now = dataset.Read<byte>();
            Assert.That(now, Is.EqualTo(code ?? now).AsCollection);
            Assert.That(result.Observables["times smaller"], Is.GreaterThan(5));
            Assert.That(result.Table, Does.Contain("together").And.Contain("single precision"));
            code = now;
        }
    }

    private static Network<float> Small() => new(new Model(new Shape(6, 6, 1), new Convolution2D(4, 3), new Activation(ActivationFunction.Relu), new Convolution2D(3, 3), new Flatten(), new Dense(5)), Managed, 8, seed: 2);

    private static float[] LearnOn(int ranks)
    {
        using Network<float> network = Small();
        CompressedModel code = CompressedModel.Of(network, weight => Clustering.Of(weight.Values, 0.5, 3));
        float[] inputs = Normal(48 * 36), targets = [.. Enumerable.Range(0, 48).Select(i => (float)(i % 5))], values = [];
        ThreadWorld.Run(ranks, world =>
        {
            TrainingOptions options = new() { Epochs = 2, Strata = 6, MicroBatch = 4, Optimiser = new Adam() };
            using Trainer<float> trainer = new(world, network.Model, new SampleTable<float>(network.Model.Input, inputs, targets), options, Managed);
            code.CopyTo(trainer.Network);
            trainer.Constraint = new SharedWeights(code).Share;
            while (!trainer.IsDone)
                trainer.TakeStep();
            using Network<float> again = code.WithValuesOf(trainer.Network).Expand(Managed);
            Assert.That(again.Values.ToArray(), Is.EqualTo(trainer.Network.Values.ToArray()).AsCollection);
            Assert.That(trainer.Network.Parameters[0].Values.ToArray().Count(value => value == 0), Is.EqualTo(18));
            if (world.IsRoot)
                values = trainer.Network.Values.ToArray();
        });
        return values;
    }

    private CompressedModel Read(Action<Hdf5File> fill)
    {
        using (Hdf5File file = Hdf5File.Create(ModelPath))
        {
            fill(file);
            file.Commit();
        }
        return CompressedFile.Read(ModelPath);
    }
}
