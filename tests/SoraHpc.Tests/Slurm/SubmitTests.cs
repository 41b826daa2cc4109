using System.Text.Json;
using NUnit.Framework;
using SoraHpc.Cli.Slurm;
using SoraHpc.Tests.Cli;
using SoraHpc.Tests.Resilience;

namespace SoraHpc.Tests.Slurm;

/// <summary>Runs submitted with the tool to a real Slurm.</summary>
[NonParallelizable]
public sealed class SubmitTests : FolderTests
{
    private static readonly string[] Small = ["weather", "--case", "5", "--elements", "4", "--output-rows", "16"];
    private static readonly string[] Long = ["weather", "--case", "5", "--elements", "8", "--output-rows", "16", "--hours", "1200", "--output-every", "600"];

    [Test]
    public void Forecast_on_two_nodes_has_the_bits_of_one_process([Values("openmpi", "mpich")] string mpi)
    {
        string job = LocalCluster.Submit(Folder, [.. Small, "--hours", "1", "--output", "forecast.h5", "--nodes", "2", "--ntasks", "4", "--time", "5", "--mpi", mpi]);

        SlurmJob ended = LocalCluster.AwaitSuccess(job).Single();

        Assert.That(ended.Nodes, Is.EqualTo("sora[1-2]"));
        Assert.That(LocalCluster.Log(ended), Does.Contain("weather: 3 steps on 4 ranks"));
        Assert.That(Stopped.Numbers(In("forecast.h5")), Is.EqualTo(Alone([.. Small, "--hours", "1"])));
        Assert.That(LocalCluster.Sora(Folder, "logs", job).Output, Is.EqualTo(LocalCluster.Log(ended)));
    }

    [Test]
    public void Array_runs_once_for_each_number()
    {
        string job = LocalCluster.Submit(Folder, [.. Small, "--hours", "{task}", "--output", "h-{task}.h5", "--array", "1-4", "--mpi", "openmpi"]);

        Assert.That(LocalCluster.AwaitSuccess(job), Has.Count.EqualTo(4));
        for (int hours = 1; hours <= 4; hours++)
            Assert.That(Stopped.Numbers(In($"h-{hours}.h5")), Is.EqualTo(Alone([.. Small, "--hours", $"{hours}"])), $"{hours} h");
    }

    [Test]
    public void Run_that_is_out_of_time_saves_is_requeued_and_ends_with_the_bits_of_one_that_was_not()
    {
        string job = LocalCluster.Submit(Folder, [.. Long, "--output", "forecast.h5", "--nodes", "2", "--ntasks", "2", "--checkpoint", "saved", "--requeue", "--mpi", "openmpi"]);
        LocalCluster.Await(job, _ => Directory.Exists(In("saved")));       // signals are heard from before that on
        LocalCluster.Slurm(Folder, "scancel", "--signal=USR1", "--batch", job);         // what Slurm does when the time is nearly over
        LocalCluster.Await(job, now => now is { Restarts: 1, State: "PENDING" });

        SlurmJob ended = LocalCluster.AwaitSuccess(job).Single();

        string log = LocalCluster.Log(ended);
        Assert.That(log, Does.Match("sora: stopped after step [0-9]+, as asked").And.Contain("goes back into the queue").And.Match("went on from step [0-9]+"));
        Assert.That(Stopped.Numbers(In("forecast.h5")), Is.EqualTo(Alone(Long)));
        Assert.That(Directory.GetFiles(Folder, "*.partial-*"), Is.Empty);
        Assert.That(LocalCluster.Sora(Folder, "status", job).Output, Does.Contain("COMPLETED").And.Contain("requeued once"));
    }

    [Test]
    public void Run_that_is_cancelled_saves_and_stays_cancelled()
    {
        string job = LocalCluster.Submit(Folder, [.. Long, "--output", "forecast.h5", "--ntasks", "2", "--checkpoint", "saved", "--requeue", "--mpi", "mpich"]);
        LocalCluster.Await(job, _ => Directory.Exists(In("saved")));       // signals are heard from before that on

        Assert.That(LocalCluster.Sora(Folder, "cancel", job), Is.EqualTo((0, $"job {job} cancelled\n", "")));

        SlurmJob ended = LocalCluster.Await(job, now => now.State == "CANCELLED" && LocalCluster.Log(now).Contains("as asked"));
        Assert.That(ended.Restarts, Is.Zero);
        Assert.That(Directory.GetFiles(In("saved"), "checkpoint*"), Is.Not.Empty);
    }

    [Test]
    public void Job_after_another_waits_for_its_end()
    {
        string first = LocalCluster.Slurm(Folder, "sbatch", "--parsable", "--wrap", "until [ -e go ]; do sleep 0.1; done");
        (_, string printed, _) = LocalCluster.Sora(Folder, ["submit", .. Small, "--hours", "0", "--output", "second.h5", "--after", first, "--mpi", "openmpi", "--json"]);
        string second = JsonDocument.Parse(printed).RootElement.GetProperty("job").GetString()!;

        LocalCluster.Await(second, now => now is { State: "PENDING", Reason: "Dependency" });
        File.Create(In("go")).Dispose();
        LocalCluster.AwaitSuccess(second);
    }

    [Test]
    public void Allocation_makes_auto_start_its_tasks_with_srun()
    {
        string[] sora = SoraHpc.Cli.Launching.LaunchedRanks.Self();
        string output = LocalCluster.Slurm(Folder, "salloc", ["--quiet", "--nodes=2", "--ntasks=2", .. sora, "run", .. Small, "--hours", "1"]);

        Assert.That(output, Does.Contain("weather: 3 steps on 2 ranks"));
    }

    [TestCase("weather --case 5 --queue nowhere", "invalid partition specified: nowhere")]
    [TestCase("weather --case 5 --output /proc/forecast.h5", "the log cannot be written into /proc")]
    [TestCase("weather --case 5 --output /nowhere/forecast.h5", "the log cannot be written into /nowhere: there is no such directory")]
    public void Submission_that_cannot_be_is_refused_in_one_line(string words, string expected)
    {
        (int code, string output, string error) = LocalCluster.Sora(Folder, ["submit", .. words.Split(' '), "--mpi", "openmpi"]);

        Assert.That((code, output), Is.EqualTo((1, "")), error);
        Assert.That(error, Does.StartWith("sora: ").And.Contain(expected));
        Assert.That(error.TrimEnd('\n'), Does.Not.Contain("\n"));
    }

    [TestCase("status 99999")]
    [TestCase("logs 99999")]
    [TestCase("cancel 99999")]
    public void Unknown_job_is_told_in_slurms_words(string words)
    {
        (int code, _, string error) = LocalCluster.Sora(Folder, words.Split(' '));

        Assert.That(code, Is.EqualTo(1));
        Assert.That(error, Does.StartWith("sora: job 99999: ").And.Contain("Invalid job id specified"));
    }

    private byte[] Alone(string[] words)
    {
        (int code, _, string error) = SoraCommandTests.Run(["run", .. words, "--output", In("alone.h5")]);
        Assert.That(code, Is.Zero, error);
        return Stopped.Numbers(In("alone.h5"));
    }
}
