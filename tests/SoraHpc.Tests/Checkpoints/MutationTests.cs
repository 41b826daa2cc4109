using NUnit.Framework;
using SoraHpc.Communication.Threads;
using SoraHpc.Storage.Checkpoints;
using SoraHpc.Tests.Contracts;

namespace SoraHpc.Tests.Checkpoints;

/// <summary>A damaged newest checkpoint is never taken for a good one, and never costs the one before it.</summary>
public sealed class MutationTests
{
    [TestCase(150, false), TestCase(150, true)]
    public void Damaged_checkpoint_is_refused_and_the_one_before_is_read(int mutations, bool isEncrypted) => Run(mutations, isEncrypted, seed: 1);

    [Explicit("a minute each"), TestCase(5000, false), TestCase(5000, true)]
    public void Many_damaged_checkpoints(int mutations, bool isEncrypted) => Run(mutations, isEncrypted, seed: 2);

    [Test]
    public void Every_bit_of_the_beginning_matters([Values] bool isEncrypted)
    {
        using Case damage = new(isEncrypted);
        for (int at = 0; at < damage.Whole.Length; at += at < 64 ? 1 : 1013)
        {
            byte[] mutated = [.. damage.Whole];
            mutated[at] ^= 0x10;
            damage.Check(mutated, $"byte {at}");
        }
    }

    private static void Run(int mutations, bool isEncrypted, int seed)
    {
        using Case damage = new(isEncrypted);
        for (int i = 0; i < mutations; i++)
            damage.Check(Mutation.Of(damage.Whole, damage.Older, new Random(seed * 1_000_000 + i)), $"mutation {i} of seed {seed}");
    }

    /// <summary>A good generation 1 and a generation 2 to be damaged.</summary>
    private sealed class Case : IDisposable
    {
        private readonly TemporaryDirectory temporary = new();
        private readonly string path, newest;
        private readonly string? key;

        internal Case(bool isEncrypted)
        {
            path = temporary.File("checkpoints");
            key = isEncrypted ? Keys.Make(temporary, "key", 1) : null;
            ThreadWorld.Run(1, comm =>
            {
                using CheckpointDirectory directory = CheckpointDirectory.Open(comm, path, keyFile: key);
                CheckpointedState.Write(comm, directory, step: 1, CheckpointedState.Slabs);
                CheckpointedState.Write(comm, directory, step: 2, CheckpointedState.Slabs);
            });
            newest = Directory.GetFiles(path, "checkpoint-00000002.*").Single();
            (Whole, Older) = (File.ReadAllBytes(newest), File.ReadAllBytes(Directory.GetFiles(path, "checkpoint-00000001.*").Single()));
        }

        internal byte[] Whole { get; }

        internal byte[] Older { get; }

        internal void Check(byte[] mutated, string what)
        {
            File.WriteAllBytes(newest, mutated);
            ThreadWorld.Run(1, comm =>
            {
                using CheckpointDirectory directory = CheckpointDirectory.Open(comm, path, keyFile: key);
                using CheckpointReader reader = directory.OpenNewest(CheckpointedState.Job, CheckpointedState.Fingerprint)!;
                Assert.That(reader.Header.Step, Is.EqualTo(1), what);
                Assert.That(reader.Warning, Does.Contain("checkpoint-00000002").And.Contain("generation 1, step 1"), what);
                CheckpointedState.CheckRead(comm, reader, CheckpointedState.Slabs);
            });
        }

        public void Dispose() => temporary.Dispose();
    }
}
