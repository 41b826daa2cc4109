using System.Diagnostics;
using NUnit.Framework;
using SoraHpc.Cli.Launching;
using SoraHpc.Cli.Slurm;
using SoraHpc.Diagnostics;

namespace SoraHpc.Tests.Cli;

public sealed class BatchScriptTests
{
    private static readonly BatchJob Job = new() { Name = "weather", Log = "out/f-%j.log", Program = ["sora", "run", "weather"], Srun = LauncherFamily.OpenMpi };

    [Test]
    public void Plain_job_is_a_header_and_one_command() => Assert.That(BatchScript.Render(Job with { Requests = ["--nodes=2", "--time=1:00:00"] }), Is.EqualTo("""
        #!/usr/bin/env bash
        #SBATCH --job-name=weather
        #SBATCH --output=out/f-%j.log
        #SBATCH --nodes=2
        #SBATCH --time=1:00:00
        # Written by sora submit. sbatch takes it again as it is, or changed.
        set -u

        # The protocol must fit the MPI; when one rank ends badly, so do the others.
        launch=(srun --mpi=pmix --kill-on-bad-exit=1 --wait=30 sora run weather)
        "${launch[@]}"

        """));

    [Test]
    public void Mpich_speaks_its_own_protocol_and_mpiexec_none()
    {
        Assert.That(BatchScript.Render(Job with { Srun = LauncherFamily.Hydra }), Does.Contain("srun --mpi=pmi2 "));
        Assert.That(BatchScript.Render(Job with { Srun = null }), Does.Contain("launch=(sora run weather)"));
    }

    [Test]
    public void Modules_come_before_the_command() =>
        Assert.That(BatchScript.Render(Job with { Modules = ["openmpi/4.1", "hdf5"] }), Does.Contain("module load openmpi/4.1 || exit 1\nmodule load hdf5 || exit 1\n\n#"));

    [TestCase("a b")]
    [TestCase("$HOME `id` \"x\" \\ 'y'")]
    [TestCase("")]
    [TestCase("*;&|<>(){}[]!#~")]
    public void Word_comes_out_of_bash_as_it_went_in(string word) => Assert.That(Bash($"printf %s {BatchScript.Quote(word)}"), Is.EqualTo((0, word)));

    [Test]
    public void Number_of_a_task_takes_the_place_of_its_word() =>
        Assert.That(Bash($"SLURM_ARRAY_TASK_ID=7; printf %s {BatchScript.Quote("out/h-{task} $x.h5")}"), Is.EqualTo((0, "out/h-7 $x.h5")));

    [TestCase("exit 0", 0)]
    [TestCase("exit 3", 3)]
    [TestCase("kill -KILL $$", 137)]
    public void Exit_code_is_that_of_the_ranks(string ranks, int code) => Assert.That(Stopping(ranks, ""), Is.EqualTo((code, "")));

    [TestCase("RUNNING", "requeue 12\n")]
    [TestCase("COMPLETING", "")]
    public void Signal_reaches_the_ranks_and_what_they_saved_is_requeued_unless_the_job_ends(string state, string requeued)
    {
        (int code, string output) = Stopping("trap 'sleep 0.1; exit 75' USR1; sleep 0.3; kill -USR1 $PPID; while :; do sleep 0.01; done", $"scontrol() {{ echo \"$@\"; }}; squeue() {{ echo {state}; }}");

        Assert.That(code, Is.EqualTo(75));
        Assert.That(output, Does.EndWith(requeued));
        Assert.That(output.Contains("goes back into the queue"), Is.EqualTo(requeued.Length > 0));
    }

    [TestCase("1-4", "1 2 3 4")]
    [TestCase("0-12:6", "0 6 12")]
    [TestCase("1,3,7%2", "1 3 7")]
    public void Tasks_are_counted_as_slurm_does(string list, string numbers) => Assert.That(string.Join(' ', ArrayTasks.Parse(list)), Is.EqualTo(numbers));

    [TestCase("")]
    [TestCase("4-1")]
    [TestCase("1-4%0")]
    [TestCase("a")]
    [TestCase("1-2-3")]
    [TestCase("0-4:0")]
    public void Tasks_that_are_none_are_refused(string list) => Assert.That(() => ArrayTasks.Parse(list), Throws.TypeOf<UsageException>());

    [TestCase("30", 1800)]
    [TestCase("1:30", 90)]
    [TestCase("1:00:05", 3605)]
    [TestCase("2-12", 216000)]
    [TestCase("1-0:1", 86460)]
    [TestCase("1-0:0:1", 86401)]
    public void Time_is_read_as_slurm_does(string text, double seconds) => Assert.That(SlurmTime.Parse(text).TotalSeconds, Is.EqualTo(seconds));

    [TestCase("")]
    [TestCase("0")]
    [TestCase("1h")]
    [TestCase("1:2:3:4")]
    [TestCase("1-2-3")]
    [TestCase("-5")]
    public void Time_that_is_none_is_refused(string text) => Assert.That(() => SlurmTime.Parse(text), Throws.TypeOf<UsageException>());

    [TestCase("weather --case 5 --time 1 --checkpoint saved", "--time 1 is over before the run has begun")]
    [TestCase("weather --case 5 --requeue", "--requeue needs something to go on from: give --checkpoint DIR too")]
    [TestCase("weather --cas 5", "unknown option --cas of sora run weather; did you mean --case?")]
    [TestCase("wether --case 5", "unknown job 'wether'; did you mean weather?")]
    [TestCase("weather --case 5 --elements none", "--elements takes a whole number, not 'none'")]
    [TestCase("weather --case 5 --array 1-3", "forecast.h5 would be written by 3 tasks of the array: put {task} into its name")]
    [TestCase("weather --case 5 --array 1-2 --output {task}.h5 --checkpoint saved", "saved would be written by 2 tasks")]
    [TestCase("weather --case 5 --array 4-1", "--array takes numbers of tasks")]
    [TestCase("weather --case {task} --array 5-7 --output {task}.h5", "7")]
    [TestCase("weather --case 5 --ranks 4", "--ranks is for sora run; in a job of Slurm --ntasks says how many ranks")]
    [TestCase("", "sora submit needs a job first")]
    public void Wrong_words_are_told_before_they_wait_in_the_queue(string words, string expected)
    {
        (int code, string output, string error) = SoraCommandTests.Run(["submit", .. words.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--dry-run", "--mpi", "openmpi"]);

        Assert.That((code, output), Is.EqualTo((2, "")), error);
        Assert.That(error, Does.StartWith("sora: ").And.Contain(expected));
    }

    [Test]
    public void Dry_run_prints_the_script_and_goes_on_from_a_checkpoint_if_there_is_one()
    {
        (int code, string script, _) = SoraCommandTests.Run(["submit", "weather", "--case", "5", "--nodes", "2", "--checkpoint", "saved", "--requeue", "--mpi", "mpich",
            "--container", "sora.sif", "--dry-run"]);

        Assert.That(code, Is.Zero);
        Assert.That(script, Does.Contain("#SBATCH --nodes=2\n#SBATCH --signal=B:USR1@60\n#SBATCH --requeue\n#SBATCH --open-mode=append\n"));
        Assert.That(script, Does.Contain("--wait=30 apptainer exec sora.sif env --block-signal=SIGTERM,SIGUSR1 sora run weather --case 5 --checkpoint saved --mpi mpich --restart auto)\n"));
        Assert.That(File.Exists("forecast.sbatch"), Is.False);
    }

    [TestCase("MPI plugin types are...\n\tpmix\n\tnone\n\tpmi2\nspecific pmix plugin versions available: pmix_v4\n", "pmix none pmi2")]
    [TestCase("srun: MPI types are...\nsrun: none\nsrun: pmi2\n", "none pmi2")]
    public void Protocols_of_srun_are_found_in_its_list(string list, string protocols) =>
        Assert.That(string.Join(' ', SlurmProgram.ProtocolsIn(list)), Is.EqualTo(protocols));

    [Test]
    public void Job_is_read_from_what_slurm_prints()
    {
        SlurmJob job = SlurmJob.ParseAll("JobId=9 ArrayJobId=8 ArrayTaskId=2 JobName=a b UserId=ann(1000) JobState=FAILED Reason=NonZeroExitCode Restarts=1 ExitCode=0:9 RunTime=00:00:03 "
            + "TimeLimit=UNLIMITED NodeList=(null) Command=/x y=z StdOut=/tmp/a b-8_2.log Power= \n").Single();

        Assert.That(job, Is.EqualTo(new SlurmJob
        {
            Id = "8_2", Name = "a b", State = "FAILED", Reason = "NonZeroExitCode", Nodes = "", RunTime = "00:00:03", TimeLimit = "UNLIMITED", ExitCode = 137,
            Restarts = 1, Log = "/tmp/a b-8_2.log", User = "ann",
        }));
        Assert.That(StatusCommand.Render([job]), Does.EndWith("\n8_2  a b   FAILED  00:00:03  UNLIMITED         NonZeroExitCode, exit code 137, requeued once\n"));
    }

    /// <summary>The part of a script that waits for the ranks, with a command in their place.</summary>
    private static (int Code, string Output) Stopping(string ranks, string functions)
    {
        string script = BatchScript.Render(Job with { Srun = null, Program = ["bash", "-c", ranks], Warning = 60, Requeue = true });
        return Bash($"SLURM_JOB_ID=12; {functions}\n{script}");
    }

    private static (int Code, string Output) Bash(string script)
    {
        var start = new ProcessStartInfo("timeout", ["20", "bash", "-c", script]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process bash = Process.Start(start)!;
        bash.ErrorDataReceived += (_, _) => { };
        bash.BeginErrorReadLine();
        string output = bash.StandardOutput.ReadToEnd();
        bash.WaitForExit();
        return (bash.ExitCode, output);
    }
}
