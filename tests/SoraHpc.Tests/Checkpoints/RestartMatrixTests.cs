using NUnit.Framework;
using SoraHpc.Communication.Threads;
using SoraHpc.Storage.Checkpoints;
using SoraHpc.Tests.Contracts;

namespace SoraHpc.Tests.Checkpoints;

/// <summary>Written on so many ranks in one cut, read on so many in another.</summary>
public sealed class RestartMatrixTests
{
    [Test]
    public void State_is_the_same_on_any_number_of_ranks([Range(1, 4)] int writers, [Range(1, 4)] int readers, [Values] bool columns, [Values] bool isEncrypted)
    {
        using TemporaryDirectory temporary = new();
        string path = temporary.File("checkpoints");
        string? key = isEncrypted ? Keys.Make(temporary, "key", 1) : null;
        CheckpointedState.Cut write = columns ? CheckpointedState.Columns : CheckpointedState.Slabs, read = columns ? CheckpointedState.Slabs : CheckpointedState.Columns;
        ThreadWorld.Run(writers, comm =>
        {
            using CheckpointDirectory directory = CheckpointDirectory.Open(comm, path, keyFile: key);
            CheckpointedState.Write(comm, directory, step: 3, write);
        });
        ThreadWorld.Run(readers, comm =>
        {
            using CheckpointDirectory directory = CheckpointDirectory.Open(comm, path, keyFile: key);
            using CheckpointReader reader = directory.OpenNewest(CheckpointedState.Job, CheckpointedState.Fingerprint)!;
            CheckpointedState.CheckRead(comm, reader, read, writers);
        });
    }
}
