using System.Diagnostics;
using NUnit.Framework;
using SoraHpc.LinearAlgebra;

namespace SoraHpc.Tests.LinearAlgebra;

/// <summary>Finding, checking and refusing libraries.</summary>
public sealed class BlasLibraryTests
{
    [Test]
    public void Every_library_tells_its_file_and_threads([ValueSource(typeof(Libraries), nameof(Libraries.All))] string name)
    {
        BlasLibrary library = Libraries.LoadOrSkip(name, threads: 2);

        Assert.That(library.Name, Is.EqualTo(name));
        Assert.That(library.Threads, Is.EqualTo(2).Or.EqualTo(1));
        Assert.That(library.Version, Is.Not.Empty);
        if (name != BlasLibrary.Managed)
            Assert.That(library.Path, Does.Exist);
        Assert.That(library.ToString(), Does.Contain("thread").And.Not.Contain("\n"));
    }

    [Test]
    public void The_fastest_is_taken_and_the_others_say_why_not()
    {
        BlasLibrary library = BlasLibrary.Load(new BlasOptions { Threads = 1 });

        Assert.That(library.NotUsed.Select(line => line.Split(':')[0]), Is.EquivalentTo(new[] { "mkl", "openblas", "blis", "system" }.Except([library.Name])));
    }

    [Test]
    public void A_file_that_is_not_there_is_refused_with_the_loaders_words() =>
        Assert.That(() => BlasLibrary.Load(new BlasOptions { Library = "/nowhere/libblas.so" }),
            Throws.TypeOf<BlasException>().With.Message.Contains("/nowhere/libblas.so: cannot open shared object file").And.Message.Contains("name another (auto, mkl, "));

    [Test]
    public void A_library_without_the_routines_is_refused_with_the_first_that_is_missing() =>
        Assert.That(() => BlasLibrary.Load(new BlasOptions { Library = "libm.so.6" }), Throws.TypeOf<BlasException>().With.Message.Contains("is no full BLAS and LAPACK"));

    [Test]
    public void A_library_of_64_bit_integers_is_refused()
    {
        using var folder = new TemporaryDirectory();
        // Only the scaling is called before the integers' width is known; the other routines need no more than an address.
        string file = Compile(folder, "void {0}dscal_(long *n, double *a, double *x, long *inc) {{ for (long i = 0; i < *n; i++) x[i * *inc] *= *a; }}", except: "dscal");
        Assert.That(() => BlasLibrary.Load(new BlasOptions { Library = file }), Throws.TypeOf<BlasException>().With.Message.Contains("64-bit integers"));
    }

    [Test]
    public void A_library_that_multiplies_wrongly_is_refused()
    {
        using var folder = new TemporaryDirectory();
        string file = Compile(folder, "void {0}dscal_(int *n, double *a, double *x, int *inc) {{ for (int i = 0; i < *n; i++) x[i * *inc] *= *a; }}", except: "dscal");
        Assert.That(() => BlasLibrary.Load(new BlasOptions { Library = file }), Throws.TypeOf<BlasException>().With.Message.Contains("multiplies").And.Message.Contains("wrongly"));
    }

    [Test]
    public void Threads_follow_the_cores_unless_they_are_given()
    {
        Assert.That(new BlasOptions().Threads, Is.EqualTo(Environment.ProcessorCount));
        Assert.That(new BlasOptions { RanksSharing = 2 * Environment.ProcessorCount }.Threads, Is.EqualTo(1));
        Assert.That(new BlasOptions { Threads = 3, RanksSharing = 2 }.Threads, Is.EqualTo(3));
        Assert.That(() => new BlasOptions { Threads = 0 }, Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => new BlasOptions { Library = " " }, Throws.ArgumentException);
    }

    private static string Compile(TemporaryDirectory folder, string scaling, string except)
    {
        string[] names = ["gemm", "gemv", "axpy", "scal", "syrk", "trsm", "getrf", "getrs", "getri", "potrf", "potrs", "geqrf", "orgqr", "ungqr", "gesdd", "syevd", "heevd", "geev"];
        string source = folder.File("blas.c"), library = folder.File("libwrong.so");
        IEnumerable<string> empty = names.SelectMany(name => "sdcz".Select(prefix => $"{prefix}{name}")).Where(name => name != except).Select(name => $"void {name}_(void) {{}}");
        File.WriteAllLines(source, [string.Format(scaling, ""), .. empty]);
        using Process? compiler = Process.Start("gcc", ["-shared", "-fPIC", "-o", library, source]);
        compiler!.WaitForExit();
        Assert.That(compiler.ExitCode, Is.Zero);
        return library;
    }
}
