using NUnit.Framework;
using SoraHpc.Cli.Plugins;
using SoraHpc.Runtime.Synchronization;
using SoraHpc.Storage;
using SoraHpc.Tests.Cli;
using SoraHpc.Tests.Mpi;

namespace SoraHpc.Tests.Plugins;

/// <summary>Strategies from an assembly that this program was not built with: the real one of jobs/WeatherStrategies.</summary>
public sealed class PluginTests
{
    private static readonly string Weather = Path.Combine(AppContext.BaseDirectory, "WeatherStrategies.dll");

    [Test]
    public void Strategies_of_the_plug_in_run_a_job_and_change_no_number()
    {
        using TemporaryDirectory folder = new();
        string plate = folder.File("plate.h5"), ours = folder.File("ours.h5"), theirs = folder.File("theirs.h5");
        Assert.That(SoraCommandTests.Run(["data", "heat", "--rows", "40", "--columns", "30", "--output", plate]).Code, Is.Zero);
        Assert.That(SoraCommandTests.Run(["run", "heat", "--data", plate, "--output", ours, "--steps", "50"]).Code, Is.Zero);

        (int code, string output, string error) = SoraCommandTests.Run(["run", "heat", "--data", plate, "--output", theirs, "--steps", "50", "--ranks", "3",
            "--plugin", Weather, "--sync", "WeatherSync:interval=8,limit=1", "--partition", "DaylightBands:declination=-10,sunlit=3"]);

        Assert.That(error, Is.Empty);
        Assert.That(code, Is.Zero);
        Assert.That(output, Does.Contain("daylight bands, declination -10°; ").And.Contain("sync weather, every 8 steps, 2 above λ max/mean 1;"));
        Assert.That(Temperature(theirs), Is.EqualTo(Temperature(ours)).AsCollection);
    }

    [Test]
    public void Victim_selector_of_the_plug_in_searches_the_whole_tree()
    {
        (int code, string output, string error) = SoraCommandTests.Run(["run", "uts", "--tree", "T3", "--ranks", "3", "--plugin", Weather, "--victims", "MoveToFront:first=2"]);

        Assert.That(error, Is.Empty);
        Assert.That(code, Is.Zero);
        Assert.That(output, Does.Contain("nodes         4112897\n").And.Contain("stealing by MoveToFront"));
    }

    [Test]
    public void Protocol_of_the_plug_in_keeps_the_rounds_of_a_search_together()
    {
        (int code, string output, string error) = SoraCommandTests.Run(["run", "paths", "--rows", "20", "--ranks", "3", "--verify", "--plugin", Weather, "--sync", "WeatherSync:interval=5"]);

        Assert.That(error, Is.Empty);
        Assert.That(code, Is.Zero);
        Assert.That(output, Does.Contain("sync weather, every 5 steps"));
    }

    [TestCase("WeatherSync")]
    [TestCase("WeatherStrategies.WeatherSync")]
    public void Types_are_found_by_short_and_by_full_name(string name) =>
        Assert.That(Plugin.Load(Weather).Find("--sync", name, typeof(ISyncProtocol)).FullName, Is.EqualTo("WeatherStrategies.WeatherSync"));

    [Test]
    public void Every_instance_is_a_new_one_of_this_programs_interface()
    {
        Construction sync = Construction.Of(Plugin.Load(Weather).Find("--sync", "WeatherSync", typeof(ISyncProtocol)), "--sync WeatherSync", "limit=1.25", []);

        object first = sync.Create(), second = sync.Create();

        Assert.That(first, Is.InstanceOf<ISyncProtocol>().And.Not.SameAs(second));
        Assert.That(first.ToString(), Is.EqualTo("weather, every 100 steps, 25 above λ max/mean 1.25"));
    }

    [TestCase("", "none of --partition, --balance, --sync, --elastic names a type of it; it has --partition DaylightBands(declination, sunlit), --balance WeatherBalancer(loadFactor, interval), --sync WeatherSync(interval, limit)")]
    [TestCase("--sync WeatherSinc", "--sync WeatherSinc: ")]
    [TestCase("--sync WeatherSinc", "has no such type; did you mean WeatherSync? (it has for --sync: WeatherSync)")]
    [TestCase("--sync DaylightBands", "does not implement ISyncProtocol")]
    [TestCase("--sync WeatherSync:intervall=3", "--sync WeatherSync takes interval, limit, not 'intervall'; did you mean interval?")]
    [TestCase("--sync WeatherSync:interval=3.5", "--sync WeatherSync: interval takes a whole number, not '3.5'")]
    [TestCase("--sync WeatherSync:limit=1,5", "arguments are name=value with commas between; '5' is none")]
    [TestCase("--sync WeatherSync:limit=NaN", "limit takes a number, not 'NaN'")]
    [TestCase("--sync WeatherSync:limit=1,limit=2", "limit is given twice")]
    [TestCase("--sync WeatherSync:interval=0", "--sync WeatherSync: the interval is 1 step or more, not 0")]
    [TestCase("--sync WeatherSync --sync-every 5", "--sync-every belongs to --sync global")]
    [TestCase("--balance WeatherBalancer --capabilities 1,2", "--capabilities is for our own balancers")]
    public void Wrong_use_of_a_plug_in_is_told_in_one_line(string options, string expected) => AssertRefused(Weather, options, expected);

    [Test]
    public void Type_of_ones_own_without_a_plug_in_is_told()
    {
        (int code, _, string error) = SoraCommandTests.Run(["run", "heat", "--data", "a", "--output", "b", "--sync", "WeatherSync"]);

        Assert.That(code, Is.EqualTo(2));
        Assert.That(error, Is.EqualTo("sora: --sync takes global, local, not 'WeatherSync'; a type of your own needs --plugin FILE.dll\n"));
    }

    [Test]
    public void Missing_file_is_told() => AssertRefused("/nowhere/Mine.dll", "--sync Mine", "--plugin /nowhere/Mine.dll: there is no such file");

    [Test]
    public void File_that_is_no_assembly_is_told()
    {
        using TemporaryDirectory folder = new();
        File.WriteAllText(folder.File("Mine.dll"), "not an assembly");

        AssertRefused(folder.File("Mine.dll"), "--sync Mine", "not a .NET assembly");
    }

    [Test]
    public void Assembly_of_another_version_is_told()
    {
        using TemporaryDirectory folder = new();
        BrokenAssembly.Write(folder.File("Broken.dll"), new Version(9, 9, 0, 0));

        AssertRefused(folder.File("Broken.dll"), "--sync OldSync", "built against SoraHpc.Runtime 9.9.0, this is 0.1.0: build it again");
    }

    [Test]
    public void Type_that_misses_a_method_of_its_interface_is_told()
    {
        using TemporaryDirectory folder = new();
        BrokenAssembly.Write(folder.File("Broken.dll"), typeof(ISyncProtocol).Assembly.GetName().Version!);

        AssertRefused(folder.File("Broken.dll"), "--sync OldSync", "built against another version of SoraHpc than this, 0.1.0: build it again (Method 'AfterStep'");
    }

    [Test]
    public void Ranks_of_a_launcher_all_load_it([Values("openmpi", "mpich")] string mpi)
    {
        RankProgram run = RankProgram.RunSora(mpi, 2, "run", "paths", "--rows", "20", "--verify", "--plugin", Weather, "--sync", "WeatherSync:interval=5");

        Assert.That(string.Join('\n', run.Output), Does.Contain("on 2 ranks").And.Contain("sync weather, every 5 steps"));
        Assert.That(run.ExitCode, Is.Zero);
    }

    [Test]
    public void Ranks_of_a_launcher_tell_what_is_wrong_once([Values("openmpi", "mpich")] string mpi)
    {
        RankProgram run = RankProgram.RunSora(mpi, 2, "run", "paths", "--plugin", "/nowhere/Mine.dll", "--sync", "Mine");

        Assert.That(run.Complaints.Count(), Is.EqualTo(1), string.Join('\n', run.Output));
        Assert.That(run.FirstLine, Does.Match("^sora: rank [01]: --plugin /nowhere/Mine.dll: there is no such file"));
        Assert.That(run.ExitCode, Is.EqualTo(2));
    }

    private static void AssertRefused(string file, string options, string expected)
    {
        string[] given = options.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        SoraCommandTests.Run(["run", "heat", "--data", "a", "--output", "b", "--plugin", file, .. given]).AssertRefused(2, expected);
    }

    private static double[] Temperature(string path)
    {
        using Hdf5File file = Hdf5File.Open(path);
        return file.Dataset("temperature").Read<double>();
    }
}
