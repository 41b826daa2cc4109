using NUnit.Framework;
using SoraHpc.Communication.Threads;
using SoraHpc.Decomposition;
using SoraHpc.Diagnostics;
using SoraHpc.Jobs.Training;
using SoraHpc.Runtime;
using SoraHpc.Runtime.Balancing;
using SoraHpc.Tests.Cli;
using SoraHpc.Tests.Resilience;
using SoraHpc.Tests.Threads;

namespace SoraHpc.Tests.Learning.SubModels;

public sealed class TextAndBehaviourTests : FolderTests
{
    [Test]
    public void Words_of_made_texts_tell_the_subject_and_only_their_order_the_stance()
    {
        for (long index = 0; index < 200; index++)
        {
            string[] words = TextCorpus.Make(index, 1).Text.Split(' ');
            int first = Array.IndexOf(words, "surely"), second = Array.IndexOf(words, "hardly");
            Assert.That(words, Has.Length.EqualTo(TextCorpus.Words));
            Assert.That(Math.Min(first, second), Is.GreaterThanOrEqualTo(TextCorpus.Words / 2));
            Assert.That(Math.Abs(first - second), Is.EqualTo(1));
            Assert.That(words.Count(word => word is "surely" or "hardly"), Is.EqualTo(2));
        }
    }

    [Test]
    public void A_tokeniser_reads_words_wherever_they_stand_and_fills_up_with_zeros()
    {
        float[] row = new float[5], other = new float[5];
        HashingTokeniser tokeniser = new(1000, 5);

        tokeniser.Read("The cat, the DOG!", row);
        tokeniser.Read("the dog the cat sat on the mat", other);

        Assert.That(row[0], Is.EqualTo(row[2]));
        Assert.That((row[1], row[3], row[4]), Is.EqualTo((other[3], other[1], 0f)));
        Assert.That(other, Is.All.InRange(1f, 999f));
    }

    [Test]
    public void Arrangements_of_sub_models_have_the_same_bits_on_any_number_of_ranks()
    {
        TextOptions options = new() { Texts = 240, TestTexts = 120, Vocabulary = 200, Library = "managed", Training = new() { Epochs = 1, Strata = 4, MicroBatch = 8 } };
        IReadOnlyDictionary<string, double> alone = OnThreads.RootOf(1, world => TextJob.Run(world, options)).Observables;
        for (int ranks = 2; ranks <= 4; ranks++)
            ThreadWorld.Run(ranks, world => Assert.That(TextJob.Run(world, options).Observables, Is.EqualTo(alone)));
        Assert.That(alone["shared: parameters"], Is.LessThan(alone["hybrid: parameters"]));
    }

    [Test]
    public void Behaviour_has_the_same_bits_on_any_number_of_ranks_and_beats_what_is_most_bought()
    {
        BehaviourOptions options = new() { Users = 1000, TestUsers = 500, Output = In("r.txt") };
        IReadOnlyDictionary<string, double> alone = OnThreads.RootOf(1, world => BehaviourJob.Run(world, options)).Observables;
        string recommended = File.ReadAllText(In("r.txt"));
        for (int ranks = 2; ranks <= 4; ranks++)
        {
            ThreadWorld.Run(ranks, world => Assert.That(BehaviourJob.Run(world, options).Observables, Is.EqualTo(alone)));
            Assert.That(File.ReadAllText(In("r.txt")), Is.EqualTo(recommended));
        }
        Assert.That(recommended.Split('\n'), Has.Length.EqualTo(501));
        Assert.That(alone["bought item among 5 recommended"], Is.GreaterThan(2 * alone["bought item among the 5 most bought"]));
        Assert.That(alone["coefficient: last in basket"], Is.Positive);
    }

    [TestCase(2)]           // in the first arrangement
    [TestCase(25)]          // after three of four, of eight steps each
    public void Texts_stopped_on_some_ranks_go_on_with_the_same_bits_on_any(int stopAfter)
    {
        TextOptions options = new() { Texts = 240, TestTexts = 120, Vocabulary = 200, Library = "managed", Training = new() { Epochs = 1, Strata = 4, MicroBatch = 8 }, Output = In("m.h5") };
        IReadOnlyDictionary<string, double> undisturbed = OnThreads.RootOf(1, world => TextJob.Run(world, options)).Observables;
        byte[] expected = Stopped.Numbers(In("m.h5"));
        File.Delete(In("m.h5"));

        Stopped.Run(2, In("checkpoints"), every: 1, failAfter: stopAfter, (world, run) => TextJob.Run(world, options, run));
        Assert.That(File.Exists(In("m.h5")), Is.False);

        foreach (int ranks in (int[])[1, 3])
        {
            RunResult result = Stopped.GoOn(ranks, In("checkpoints"), (world, run) => TextJob.Run(world, options, run));
            Assert.That(result.Observables, Is.EqualTo(undisturbed));
            Assert.That(Stopped.Numbers(In("m.h5")), Is.EqualTo(expected));
        }
    }

    [Test]
    public void Behaviour_stopped_on_two_ranks_goes_on_with_the_same_bits_on_any()
    {
        BehaviourOptions options = new() { Users = 300, TestUsers = 100 };
        IReadOnlyDictionary<string, double> undisturbed = OnThreads.RootOf(1, world => BehaviourJob.Run(world, options)).Observables;

        Stopped.Run(2, In("checkpoints"), every: 1, failAfter: 3, (world, run) => BehaviourJob.Run(world, options, run));

        foreach (int ranks in (int[])[1, 3])
            Assert.That(Stopped.GoOn(ranks, In("checkpoints"), (world, run) => BehaviourJob.Run(world, options with { Partition = new CartesianPartitioner() }, run)).Observables, Is.EqualTo(undisturbed));
    }

    [Test]
    public void Shares_follow_capability_and_change_no_bit()
    {
        BehaviourOptions options = new() { Users = 300, TestUsers = 100 };
        TextOptions texts = new() { Texts = 240, TestTexts = 120, Vocabulary = 200, Library = "managed", Training = new() { Epochs = 1, Strata = 4, MicroBatch = 8 } };
        StaticBalancer threeToOne = new([3, 1]);
        RunResult even = OnThreads.RootOf(2, world => BehaviourJob.Run(world, options)), uneven = OnThreads.RootOf(2, world => BehaviourJob.Run(world, options with { Balancing = threeToOne }));
        RunResult evenTexts = OnThreads.RootOf(2, world => TextJob.Run(world, texts)), unevenTexts = OnThreads.RootOf(2, world => TextJob.Run(world, texts with { Balancing = threeToOne }));

        Assert.That(uneven.Observables, Is.EqualTo(even.Observables));
        Assert.That(unevenTexts.Observables, Is.EqualTo(evenTexts.Observables));
        Assert.That(uneven.Ranks[0].Workload, Is.EqualTo(3 * uneven.Ranks[1].Workload).Within(0.01 * uneven.Ranks[0].Workload));
        Assert.That(unevenTexts.Ranks[0].Workload, Is.EqualTo(3 * unevenTexts.Ranks[1].Workload));
    }

    [Test]
    public void A_file_of_labelled_texts_is_learnt_and_prints_the_table()
    {
        File.WriteAllLines(In("t.tsv"), Enumerable.Range(0, 160).Select(i => $"{(i % 2 == 0 ? "even" : "odd")}\t{(i % 2 == 0 ? "two four" : "one three")} and number {i}"));
        string output = SoraCommandTests.Run(["run", "training", "--data", In("t.tsv"), "--words", "6", "--epochs", "6", "--strata", "4", "--micro-batch", "8", "--rate", "0.02", "--blas", "managed",
            "--output", In("m.h5"), "--picture", In("p.svg"), "--ranks", "2"]).AssertWell();

        foreach (string name in (string[])["parallel", "series", "hybrid", "shared"])
            Assert.That(output, Does.Match($"  {name}: test accuracy +1\n").And.Match($"  {name}: parameters +[0-9]+\n").And.Match($"  {name}: contribution of "));
        Assert.That(output, Does.Contain("t.tsv: ").And.Contain("2 labels").And.Contain($"result: {In("m.h5")}\npicture: {In("p.svg")}\n"));
        Assert.That(File.ReadAllText(In("p.svg")), Does.Contain("hybrid: first half").And.EndWith("</svg>\n"));
    }

    [TestCase("good text", "line 1: give a label, a tab and a text")]
    [TestCase("a\tb\na\t ", "line 2: give a label, a tab and a text")]
    [TestCase("a\tb\na\tc", "1 label in 2 lines: there must be two or more to tell apart")]
    public void A_file_that_holds_no_labelled_texts_is_told_in_one_line(string content, string line)
    {
        File.WriteAllText(In("t.tsv"), content);
        Assert.That(() => TextSet.Of(In("t.tsv")), Throws.TypeOf<SoraException>().With.Message.EqualTo($"{In("t.tsv")}{(line[0] == 'l' ? ", " : ": ")}{line}"));
    }

    [TestCase("run training --data text --model linear", "--model means nothing for texts")]
    [TestCase("run training --data behaviour --epochs 3", "--epochs means nothing for behaviour")]
    [TestCase("run training --data text --sizes s.svg", "--sizes means nothing for texts")]
    [TestCase("run training --data behaviour --compress", "--compress means nothing for behaviour")]
    [TestCase("run training --data behaviour --balance dynamic", "training keeps its blocks where they are")]
    [TestCase("run training --data text --words 7", "texts of 7 words: give an even number, 2 or more")]
    public void Wrong_command_line_is_told_in_one_line_with_exit_code_2(string commandLine, string expected) =>
        SoraCommandTests.Run(commandLine.Split(' ')).AssertRefused(2, expected);
}
