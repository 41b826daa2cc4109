using NUnit.Framework;

namespace SoraHpc.Tests.Slurm;

/// <summary>The scripts in the folder slurm, each submitted as its first lines say.</summary>
[NonParallelizable]
public sealed class ScriptTests : FolderTests
{
    [Test]
    public void Forecast_scripts_run_beside_each_other()
    {
        (string Script, string Job, string Expected)[] runs =
        [
            Submitted("heterogeneous.sh", "weather: 3 steps on 3 ranks"),
            Submitted("single-node.sh", "weather: 3 steps on 2 ranks", "--ntasks=2"),
            Submitted("several-nodes.sh", "weather: 3 steps on 2 ranks", "--ntasks-per-node=1"),
            Submitted("requeue.sh", "checkpoints: none was due", "--ntasks=2"),
        ];

        foreach ((string script, string job, string expected) in runs)
            Assert.That(LocalCluster.Log(LocalCluster.AwaitSuccess(job).Single()), Does.Contain(expected), script);

        (string, string, string) Submitted(string script, string expected, params string[] options) => (script, Submit(script, options, "--output-rows", "16"), expected);
    }

    [Test]
    public void Array_has_a_forecast_for_each_angle()
    {
        Assert.That(LocalCluster.AwaitSuccess(Submit("array.sh", ["--ntasks=1"], "--output-rows", "16")), Has.Count.EqualTo(4));
        foreach (int angle in (int[])[0, 15, 45, 90])
            Assert.That(File.Exists(In($"angle-{angle}.h5")));
    }

    [Test]
    public void Scaling_scripts_end_in_a_table()
    {
        string strongJob = Submit("strong-scaling.sh", ["--nodes=2", "--ntasks=2"], "--output-rows", "16");
        string weakJob = Submit("weak-scaling.sh", ["--nodes=2", "--ntasks=2"], "64", "48", "20");
        string strong = LocalCluster.Log(LocalCluster.AwaitSuccess(strongJob).Single()), weak = LocalCluster.Log(LocalCluster.AwaitSuccess(weakJob).Single());

        Assert.That(strong, Does.Match(@"ranks   seconds   speed-up   efficiency\n    1 +[0-9.]+ +1\.00 +100 %\n    2 +[0-9.]+ +[0-9.]+ +[0-9]+ %\n$"));
        Assert.That(weak, Does.Match(@"ranks   seconds   efficiency\n    1 +[0-9.]+ +100 %\n    2 +[0-9.]+ +[0-9]+ %\n$"));
    }

    [Test]
    public void Chain_runs_one_after_the_other()
    {
        string last = LocalCluster.Slurm(Folder, Path.Combine(LocalCluster.Scripts, "chain.sh"), "--output-rows", "16");

        LocalCluster.AwaitSuccess(last);
        Assert.That(File.ReadAllText(Path.Combine(Folder, "archive", "SHA256SUMS")), Does.EndWith("  chain.h5\n"));
    }

    private string Submit(string script, string[] options, params string[] arguments) =>
        LocalCluster.Slurm(Folder, "sbatch", ["--parsable", .. options, Path.Combine(LocalCluster.Scripts, script), .. arguments]);
}
