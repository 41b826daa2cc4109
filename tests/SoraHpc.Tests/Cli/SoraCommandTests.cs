using NUnit.Framework;
using SoraHpc.Cli.CommandLine;

namespace SoraHpc.Tests.Cli;

public sealed class SoraCommandTests
{
    [TestCase("", "needs one of: run, data, bench, doctor")]
    [TestCase("rn", "unknown verb 'rn'; did you mean run?")]
    [TestCase("run", "sora run needs one of:")]
    [TestCase("run haet", "unknown job 'haet'; did you mean heat?")]
    [TestCase("run heat --ouput x", "unknown option --ouput of sora run heat; did you mean --output?")]
    [TestCase("run heat --rank 2 --data a --output b", "did you mean --ranks?")]
    [TestCase("run heat --data a", "--output is missing")]
    [TestCase("run heat --data a --output", "--output needs a value")]
    [TestCase("run heat --data a --output b --ranks 0", "--ranks must be at least 1, not 0")]
    [TestCase("run heat --data a --output b --ranks two", "--ranks takes a whole number, not 'two'")]
    [TestCase("run heat --data a --output b --diffusion fast", "--diffusion takes a number, not 'fast'")]
    [TestCase("run heat --data a --output b --diffusion NaN", "--diffusion must be a finite number, not NaN")]
    [TestCase("run heat --data a --data c --output b", "--data is given 2 times")]
    [TestCase("run heat --data a --output b --launcher mpiexc", "did you mean mpiexec?")]
    [TestCase("run heat --data a --output b --sync local --sync-every 5", "--sync-every belongs to --sync global")]
    [TestCase("run heat --data a --output b --capabilities 1,-2", "'-2' is none")]
    [TestCase("run heat --data a --output b --launcher threads --mpi mpich", "--mpi has no meaning with --launcher threads")]
    [TestCase("run heat a", "takes no 'a'")]
    [TestCase("run weather", "give --case 1, 2, 5 or 6, or --data FILE")]
    [TestCase("run weather --case 5 --data x.h5", "give one of the two")]
    [TestCase("run weather --case 3 --mpi openmpi", "choose 1, 2, 5 or 6")]
    [TestCase("run weather --case 5 --hours -1", "--hours must be at least 0, not -1")]
    [TestCase("run weather --case 5 --output-every 0", "hours between outputs")]
    [TestCase("run training --explain ''", "--explain takes DIR, not an empty text")]
    [TestCase("run heat --data '' --output b", "--data takes FILE, not an empty text")]
    [TestCase("report ''", "sora report takes FILE.json, not an empty text")]
    [TestCase("data weather", "--case is missing")]
    [TestCase("data heat --rows 0", "--rows must be between 1 and 1000000, not 0")]
    [TestCase("bench memori", "did you mean memory?")]
    public void Wrong_command_line_is_told_in_one_line_with_exit_code_2(string commandLine, string expected) =>
        Run([.. commandLine.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => word == "''" ? "" : word)]).AssertRefused(2, expected);

    [TestCase("--help")]
    [TestCase("run --help")]
    [TestCase("run heat --help")]
    [TestCase("data --help")]
    [TestCase("data heat --help")]
    [TestCase("bench memory --help")]
    [TestCase("doctor --help")]
    public void Help_shows_an_example_and_no_error(string commandLine)
    {
        (int code, string output, string error) = Run(commandLine.Split(' '));

        Assert.Multiple(() =>
        {
            Assert.That(code, Is.Zero);
            Assert.That(output, Does.Contain("Example:\n  sora "));
            Assert.That(output, Does.Not.Contain("--started-by-sora"), "options of its own use stay hidden");
            Assert.That(error, Is.Empty);
        });
    }

    [Test]
    public void Help_of_a_submitted_job_shows_the_options_of_both()
    {
        (int code, string help, string error) = Run(["submit", "weather", "--help"]);

        Assert.That((code, error), Is.EqualTo((0, "")));
        Assert.That(help, Does.Contain("--ntasks").And.Contain("--elements"));
    }

    [Test]
    public void Example_of_every_help_is_a_command_line_that_parses([Values("run", "run heat", "run weather", "run paths", "data", "data heat", "data weather", "data paths", "bench", "bench memory", "bench mpi", "doctor", "bench kernels", "bench poisson", "run nbody", "data nbody", "data digits", "data table", "run training", "bench training", "bench nbody", "run welding", "run uts", "run npb", "run finance", "data finance", "bench balance", "bench blas", "bench dense", "bench fft", "bench finance", "bench npb", "bench physics", "bench uts", "bench trace", "report")] string verb)
    {
        (_, string help, _) = Run([.. verb.Split(' '), "--help"]);
        string[] example = help[(help.IndexOf("Example:", StringComparison.Ordinal) + 8)..].Trim().Split(' ');

        Assert.That(example[0], Is.EqualTo("sora"));
        Assert.That(UsageErrors.FirstOf(SoraCommand.Create().Parse(example[1..])), Is.Null);
    }

    [Test]
    public void Data_and_run_of_heat_on_threads_write_a_result_and_a_report()
    {
        using TemporaryDirectory folder = new();
        string plate = folder.File("plate.h5"), cooled = folder.File("cooled.h5");
        (int made, string where, string trouble) = Run(["data", "heat", "--rows", "40", "--columns", "30", "--output", plate]);
        Assume.That(trouble, Does.Not.Contain("no libhdf5"), "HDF5 is not installed here");
        (int code, string report, string error) = Run(["run", "heat", "--data", plate, "--output", cooled, "--steps", "10", "--ranks", "3", "--launcher", "threads"]);

        Assert.Multiple(() =>
        {
            Assert.That((made, code), Is.EqualTo((0, 0)), error + trouble);
            Assert.That(where, Does.StartWith(plate));
            Assert.That(report, Does.StartWith("heat: 10 steps on 3 ranks").And.Contain("load of 3 ranks: C = ΣW = 1.2e+4 updates"));
            Assert.That(File.Exists(cooled), Is.True);
            Assert.That(error, Is.Empty, "work under two seconds shows no progress");
        });
    }

    [Test]
    public void Missing_data_file_is_told_in_one_line_with_exit_code_1()
    {
        (int code, _, string error) = Run(["run", "heat", "--data", "/nowhere/plate.h5", "--output", "x.h5", "--ranks", "2", "--launcher", "threads"]);

        Assert.That(code, Is.EqualTo(1));
        Assert.That(error, Does.StartWith("sora: rank ").And.Contain("/nowhere/plate.h5"));
        Assert.That(error.Trim().Split('\n'), Has.Length.EqualTo(1));
    }

    [Test]
    public void Doctor_on_threads_looks_at_everything()
    {
        (_, string output, _) = Run(["doctor", "--launcher", "threads", "--ranks", "2"]);

        foreach (string subject in (string[])["launcher", "MPI", "HDF5", "cores", "memory", ".NET", "SIMD"])
            Assert.That(output, Does.Match($"(?m)^(ok|warning|error) +{subject.Replace(".", "\\.")} "));
    }

    /// <summary>The tool, in this process.</summary>
    internal static CommandRun Run(string[] arguments)
    {
        using StringWriter output = new(), error = new();
        int code = SoraCommand.Run(arguments, output, error);
        return new(code, output.ToString().ReplaceLineEndings("\n"), error.ToString().ReplaceLineEndings("\n"));
    }
}
