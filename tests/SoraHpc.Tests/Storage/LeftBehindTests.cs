using NUnit.Framework;
using SoraHpc.Storage;

namespace SoraHpc.Tests.Storage;

/// <summary>What a killed run leaves beside its output goes with the next run to it; what a run that lives is writing stays.</summary>
public sealed class LeftBehindTests
{
    [Test]
    public void Next_run_removes_what_a_killed_one_has_left()
    {
        using TemporaryDirectory directory = new();
        string output = directory.File("result.h5"), left = output + ".partial-0123abcd", others = directory.File("other.h5.partial-0123abcd");
        File.WriteAllBytes(left, new byte[100]);
        File.WriteAllBytes(others, new byte[100]);
        using (Hdf5File file = Hdf5File.Create(output))
            file.Commit();
        if (OperatingSystem.IsLinux())
            Assert.That(File.Exists(left), Is.False);
        Assert.That(File.Exists(others), Is.True, "of another output");
        Assert.That(Directory.GetFiles(directory.File("."), "*").Select(Path.GetFileName), Is.EquivalentTo(new[] { "result.h5", "other.h5.partial-0123abcd" }));
    }

    [Test]
    public void What_is_being_written_stays()
    {
        using TemporaryDirectory directory = new();
        string output = directory.File("result.h5");
        using Hdf5File slow = Hdf5File.Create(output);
        slow.Attributes.Write("writer", 1);
        using (Hdf5File quick = Hdf5File.Create(output))
        {
            quick.Attributes.Write("writer", 2);
            quick.Commit();
        }
        Assert.That(Directory.GetFiles(directory.File("."), "*.partial-*"), Has.Length.EqualTo(1));
        slow.Commit();
        using Hdf5File read = Hdf5File.Open(output);
        Assert.That(read.Attributes.Read<int>("writer"), Is.EqualTo(1));
    }
}
