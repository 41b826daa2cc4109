using System.IO.Compression;
using NUnit.Framework;
using SoraHpc.Communication.Threads;
using SoraHpc.Decomposition;
using SoraHpc.Diagnostics;
using SoraHpc.Jobs.Training;
using SoraHpc.Learning.Training;
using SoraHpc.Runtime;
using SoraHpc.Storage;
using SoraHpc.Tests.Cli;
using SoraHpc.Tests.Resilience;
using SoraHpc.Tests.Threads;
using static SoraHpc.Tests.Learning.SinglePrecision;

namespace SoraHpc.Tests.Learning;

public sealed class DigitsTests : FolderTests
{
    [Test]
    public void Made_images_are_found_by_index_and_show_all_digits_about_equally_often()
    {
        SampleTable<float> all = DigitImages.Make(0, 1000, 1000, seed: 5), some = DigitImages.Make(700, 800, 1000, seed: 5);
        float[] image = new float[784], label = new float[1], again = new float[784], labelAgain = new float[1];
        int[] seen = new int[10];
        for (long index = 0; index < 1000; index++)
        {
            all.Read([index], image, label);
            seen[(int)label[0]]++;
            Assert.That(image, Is.All.InRange(0f, 1f));
            Assert.That(image.Count(pixel => pixel > 0.5f), Is.InRange(15, 300));
        }
        all.Read([750], image, label);
        some.Read([750], again, labelAgain);

        Assert.That((again, labelAgain[0]), Is.EqualTo((image, label[0])));
        Assert.That(seen, Is.All.InRange(60, 140));                // 4 standard deviations
    }

    [Test]
    public void A_run_stopped_on_some_ranks_goes_on_with_the_same_bits_on_any([Values(1, 2, 3)] int ranks)
    {
        string output = In("model.h5"), checkpoints = In("checkpoints");
        DigitsOptions options = Small() with { Output = output };
        RunResult undisturbed = OnThreads.RootOf(1, world => DigitsJob.Run(world, options));
        float[] expected = ValuesOf(output);
        File.Delete(output);

        Stopped.Run(ranks, checkpoints, every: 3, failAfter: 7, (world, run) => DigitsJob.Run(world, options, run));
        Assert.That(File.Exists(output), Is.False);

        for (int readers = 1; readers <= 4; readers++)
        {
            RunResult result = Stopped.GoOn(readers, checkpoints, (world, run) => DigitsJob.Run(world, options with { Partition = new CartesianPartitioner() }, run));
            Assert.That(ValuesOf(output), Is.EqualTo(expected).AsCollection, $"{readers} readers");
            Assert.That(result.Observables, Is.EqualTo(undisturbed.Observables));
            Assert.That(result.Checkpoints!.RestartStep, Is.EqualTo(6));
            File.Delete(output);
        }
    }

    [Test]
    public void Files_of_the_database_are_read_plain_and_packed([Values] bool packed)
    {
        foreach (string set in (string[])["train", "t10k"])
            WriteSet(set, 120, packed);
        DigitsOptions options = Small() with { Data = Folder };

        RunResult result = OnThreads.RootOf(2, world => DigitsJob.Run(world, options));

        Assert.That(result.Choices, Does.Contain(": 120 images, 120 to be judged by"));
        (int[] lengths, byte[] values) = IdxFile.Read(In("train-images-idx3-ubyte"), 3);
        Assert.That(lengths, Is.EqualTo((int[])[120, 28, 28]));
        Assert.That(values[785], Is.EqualTo(785 * 7 % 251));
    }

    [Test]
    public void Images_written_as_files_are_learnt_with_the_bits_of_made_ones()
    {
        (int code, string output, string error) = SoraCommandTests.Run(["data", "digits", "--images", "150", "--test-images", "100", "--output", In("files")]);
        Assert.That((code, output, error), Is.EqualTo((0, $"{In("files")}: 150 images to learn from, 100 to be judged by\n", "")));
        string first = In("first.h5"), second = In("second.h5");

        RunResult made = OnThreads.RootOf(1, world => DigitsJob.Run(world, Small() with { Output = first }));
        RunResult read = OnThreads.RootOf(1, world => DigitsJob.Run(world, Small() with { Data = In("files"), Output = second }));

        Assert.That(read.Observables, Is.EqualTo(made.Observables));
        Assert.That(ValuesOf(second), Is.EqualTo(ValuesOf(first)).AsCollection);
    }

    [TestCase("--optimiser sgd --rate 1e38 --epochs 9", 1, "training diverged in step [0-9]+ \\(epoch [0-9]+\\): the loss is .* take a learning rate below 9[.0-9]*E\\+37")]
    [TestCase("--ranks 13", 2, "13 ranks cannot share 12 strata: take at most 12 ranks, or more strata")]
    [TestCase("--strata 400", 2, "300 samples cannot be dealt into 400 strata: take at most 300 strata, or more samples")]
    public void A_run_that_cannot_be_is_told_in_one_line(string words, int expectedCode, string expected)
    {
        (int code, _, string error) = SoraCommandTests.Run(["run", "training", "--images", "300", "--test-images", "100", "--model", "linear", "--ranks", .. words.Contains("--ranks") ? [] : (string[])["2"], .. words.Replace("--ranks ", "").Split(' ')]);

        Assert.That(error, Does.Match($"^sora: {(expectedCode == 2 ? "" : "rank [0-9]+: ")}{expected}\n$"));
        Assert.That(code, Is.EqualTo(expectedCode));
    }

    [Test]
    public void A_label_that_is_no_digit_is_told_in_one_line()
    {
        MnistFolder.Write(In("files"), 120, 100);
        byte[] labels = File.ReadAllBytes(In("files/train-labels-idx1-ubyte"));
        labels[8 + 77] = 200;
        File.WriteAllBytes(In("files/train-labels-idx1-ubyte"), labels);

        (int code, _, string error) = SoraCommandTests.Run(["run", "training", "--data", In("files"), "--model", "linear", "--epochs", "1", "--ranks", "2"]);

        Assert.That((code, error), Is.EqualTo((1, "sora: rank 1: sample 77: 200 is no label; labels are whole numbers from 0 to 9\n")));
    }

    [Test]
    public void A_table_is_learnt_with_the_same_bits_on_any_number_of_ranks([Values] bool weighted)
    {
        WriteTable(weighted ? i => i % 3 : null);
        TableOptions options = new() { Data = In("t.h5"), IsLinear = !weighted, Library = "managed", Training = Small().Training with { Epochs = 40, Rate = new() { Base = 0.03 } } };
        List<IReadOnlyDictionary<string, double>> found = [];
        for (int ranks = 1; ranks <= 4; ranks++)
            ThreadWorld.Run(ranks, world =>
            {
                RunResult result = TableJob.Run(world, options);
                if (world.IsRoot)
                    found.Add(result.Observables);
            });

        Assert.That(found, Is.All.EqualTo(found[0]));
        Assert.That(found[0]["test accuracy"], Is.GreaterThan(0.5));        // a third by chance
    }

    [TestCase("feature", "sample 41, feature 1 of 2: NaN is no number to learn from; clean the data first")]
    [TestCase("label", "sample 41: 3 is no label; labels are whole numbers from 0 to 2")]
    [TestCase("weight", "sample 41: a weight of -1; weights are 0 or more")]
    [TestCase("empty", "dataset features: 0 × 2 numbers; it needs one sample or more in rows")]
    [TestCase("column", "dataset features: there is no such dataset; there are: labels, test_features, test_labels, weights")]
    [TestCase("short", "dataset labels: 80 numbers, and there are 90 samples in features")]
    public void A_table_nothing_can_be_learnt_from_is_told_in_one_line(string wrong, string expected)
    {
        WriteTable(i => wrong == "weight" && i == 41 ? -1 : 1, wrong);

        (int code, _, string error) = SoraCommandTests.Run(["run", "training", "--data", In("t.h5"), "--epochs", "1", "--ranks", "2"]);

        Assert.That(error, Does.Match("^sora: rank [01]: [^\n]*\n$").And.Contain(expected));
        Assert.That(code, Is.EqualTo(1));
    }

    [Test]
    public void A_file_that_is_none_of_the_database_is_told_in_one_line()
    {
        File.WriteAllBytes(In("wrong"), [0, 0, 8, 1, 0, 0, 0, 9]);
        File.WriteAllBytes(In("short"), [0, 0, 8, 1, 0, 0, 0, 9, 1, 2]);

        Assert.That(() => IdxFile.Read(In("none"), 1), Throws.TypeOf<SoraException>().With.Message.EndsWith("there is no such file, nor none.gz"));
        Assert.That(() => IdxFile.Read(In("wrong"), 3), Throws.TypeOf<SoraException>().With.Message.EndsWith("begins with 00000801, and an array of bytes with 3 dimensions begins with 00000803"));
        Assert.That(() => IdxFile.Read(In("short"), 1), Throws.TypeOf<SoraException>().With.Message.Contains("short: the file is cut off or damaged"));
    }

    [TestCase("run training --data digits --top 3", "--top means nothing for digits")]
    [TestCase("run training --data t.h5 --picture p.svg", "--picture means nothing for tables")]
    [TestCase("run training --data t.h5 --budget 2", "--budget means nothing for tables")]
    [TestCase("run training --epochs 0", "--epochs must be")]
    [TestCase("run training --optimiser newton", "--optimiser takes adam, momentum, sgd, not 'newton'")]
    [TestCase("run training --rate 0", "--rate must be")]
    [TestCase("run training --data digits --balance dynamic --images 200 --epochs 1", "training keeps its blocks where they are")]
    public void Wrong_command_line_is_told_in_one_line_with_exit_code_2(string commandLine, string expected)
    {
        (int code, string output, string error) = SoraCommandTests.Run(commandLine.Split(' '));

        Assert.That(code, Is.EqualTo(2));
        Assert.That(output, Is.Empty);
        Assert.That(error, Does.Contain(expected));
        Assert.That(error.TrimEnd('\n'), Does.Not.Contain("\n"));
    }

    [Test]
    public void A_run_prints_losses_and_leaves_model_and_pictures()
    {
        (int code, string output, string error) = SoraCommandTests.Run(["run", "training", "--images", "600", "--test-images", "200", "--epochs", "2", "--model", "linear",
            "--output", In("m.h5"), "--picture", In("p.svg"), "--curve", In("c.svg"), "--ranks", "2"]);

        Assert.That(error, Is.Empty);
        Assert.That(code, Is.Zero);
        Assert.That(output, Does.StartWith("training: 8 steps on 2 ranks in ").And.Contain("28 × 28 × 1 → flatten → dense(10) → 10, 7850 parameters").And.Contain("  test accuracy  "));
        Assert.That(output, Does.Contain($"result: {In("m.h5")}\npicture: {In("p.svg")}\npicture: {In("c.svg")}\n"));
        Assert.That(File.ReadAllText(In("p.svg")), Does.Contain("data:image/png;base64,").And.EndWith("</svg>\n"));
        Assert.That(File.ReadAllText(In("c.svg")), Does.Contain("test errors").And.EndWith("</svg>\n"));
    }

    private static DigitsOptions Small() => new()
    {
        Images = 150, TestImages = 100, Library = "managed",
        Training = new() { Epochs = 3, Strata = 6, MicroBatch = 8, Rate = new() { Base = 1e-3 } },
    };

    // Three classes by the angle of two features.
    private void WriteTable(Func<int, float>? weight, string wrong = "")
    {
        using Hdf5File file = Hdf5File.Create(In("t.h5"));
        foreach (string set in (string[])["", "test_"])
        {
            bool damaged = set == "";
            int count = damaged && wrong == "empty" ? 0 : 90;
            float[] features = [.. Enumerable.Range(0, count).SelectMany(i => (float[])[(float)Math.Sin(i * 0.7), (float)Math.Cos(i * 0.7)])];
            float[] labels = [.. Enumerable.Range(0, count).Select(i => (float)Math.Floor(i * 0.7 % (2 * Math.PI) / (2 * Math.PI) * 3))];
            if (damaged && wrong == "feature")
                features[83] = float.NaN;
            if (damaged && wrong == "label")
                labels[41] = 3;
            if (!(damaged && wrong == "column"))
                Put(file, $"{set}features", features, count, 2);
            Put(file, $"{set}labels", damaged && wrong == "short" ? labels[..80] : labels);
            if (weight is not null && damaged)
                Put(file, "weights", [.. Enumerable.Range(0, count).Select(weight)]);
        }
        file.Commit();
    }

    private static void Put(Hdf5File file, string name, float[] values, params long[] shape)
    {
        using Hdf5Dataset dataset = file.CreateDataset<float>(name, shape.Length > 0 ? shape : [values.Length]);
        if (values.Length > 0)
            dataset.Write<float>(dataset.Whole, values);
        if (name.EndsWith("labels", StringComparison.Ordinal))
            dataset.Attributes.Write("classes", 3);
    }

    private void WriteSet(string set, int count, bool packed)
    {
        Write($"{set}-images-idx3-ubyte", [0, 0, 8, 3, 0, 0, 0, (byte)count, 0, 0, 0, 28, 0, 0, 0, 28, .. Enumerable.Range(0, count * 784).Select(i => (byte)(i * 7 % 251))], packed);
        Write($"{set}-labels-idx1-ubyte", [0, 0, 8, 1, 0, 0, 0, (byte)count, .. Enumerable.Range(0, count).Select(i => (byte)(i % 10))], packed);
    }

    private void Write(string name, byte[] bytes, bool packed)
    {
        using Stream file = File.Create(In(packed ? name + ".gz" : name));
        using Stream stream = packed ? new GZipStream(file, CompressionLevel.Fastest) : file;
        stream.Write(bytes);
    }
}
