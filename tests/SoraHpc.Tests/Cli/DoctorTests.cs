using NUnit.Framework;
using SoraHpc.Cli.Doctor;
using SoraHpc.Communication;
using SoraHpc.Communication.Mpi;
using SoraHpc.LinearAlgebra;
using SoraHpc.Storage;

namespace SoraHpc.Tests.Cli;

public sealed class DoctorTests
{
    private static readonly MpiInformation Live = new("/lib/libmpi.so.40", "Open MPI v4.1.4, package: Debian", "Open MPI", "3.1", ThreadLevel.Funneled, "Open MPI", 4, 4, 0);
    private static readonly Hdf5Information Parallel = new("/lib/libhdf5_openmpi.so", "1.10.8", Hdf5Flavour.OpenMpi, true, false, "the live MPI is Open MPI", []);

    [Test]
    public void World_as_large_as_the_launcher_said_is_ok() => Assert.That(MpiCheck.World(Live).Severity, Is.EqualTo(Severity.Ok));

    [Test]
    public void World_of_one_under_a_launcher_of_four_is_an_error_with_advice()
    {
        Finding finding = MpiCheck.World(Live with { WorldSize = 1 });

        Assert.That(finding.Severity, Is.EqualTo(Severity.Error));
        Assert.That(finding.Advice, Does.Contain("mpiexec that belongs to"));
    }

    [TestCase(true, Transport.Mpi, "Ok")]
    [TestCase(false, Transport.Mpi, "Warning")]
    [TestCase(false, Transport.Threads, "Ok")]
    public void Library_without_mpi_io_is_a_warning_only_under_mpi(bool hasMpiIo, Transport transport, string severity) =>
        Assert.That(Hdf5Check.Library(Parallel with { HasMpiIo = hasMpiIo }, transport).Severity.ToString(), Is.EqualTo(severity));

    [Test]
    public void No_hdf5_is_an_error_that_says_what_to_install()
    {
        Finding finding = Hdf5Check.Library(Parallel with { Path = null, Reason = "no libhdf5; install HDF5" }, Transport.Threads);

        Assert.That(finding.ToString(), Is.EqualTo("error    HDF5      no libhdf5; install HDF5"));
    }

    [TestCase(4, 4, "Ok")]
    [TestCase(4, 5, "Warning")]
    public void More_ranks_than_cores_is_a_warning(int cores, int ranks, string severity) =>
        Assert.That(MachineCheck.Cores(cores, usable: cores, ranks).Severity.ToString(), Is.EqualTo(severity));

    [Test]
    public void Server_garbage_collector_is_a_warning() =>
        Assert.That(MachineCheck.Memory(8_000_000_000, serverGarbageCollector: true).ToString(), Does.StartWith("warning  memory    8.0 GB").And.Contain("→ "));

    [TestCase(256, false, true, "ok       SIMD      kernels use 256-bit vectors")]
    [TestCase(128, false, false, "warning  SIMD      not used")]
    public void Simd_width_is_told(int bits, bool has512, bool accelerated, string line) =>
        Assert.That(MachineCheck.Simd(bits, has512, accelerated).ToString(), Does.StartWith(line));

    [TestCase("Max open files            64                   64                   files     \n", "error    limits    64 open files → allow more: ulimit -n 1024")]
    [TestCase("Max open files            1024                 1048576              files     \n", "")]
    [TestCase("Max address space         4096000000           4096000000           bytes     \n", "warning  limits    4,096 MB of address space")]
    [TestCase("Max address space         unlimited            unlimited            bytes     \n", "")]
    [TestCase("Max locked memory         65536                65536                bytes     \n", "warning  limits    0 MB of locked memory")]
    public void Limits_that_stand_in_the_way_are_told(string limits, string line) =>
        Assert.That(string.Join('\n', LimitCheck.Limits(limits, memory: 8_000_000_000, infiniBand: true)), line.Length == 0 ? Is.Empty : Does.StartWith(line));

    [Test]
    public void Locked_memory_matters_only_to_an_infiniband_network() =>
        Assert.That(LimitCheck.Limits("Max locked memory         65536                65536                bytes     \n", memory: 8_000_000_000, infiniBand: false), Is.Empty);

    [TestCase("/dev/shm", 64_000_000, 2, "ok       room      64 MB free in /dev/shm")]
    [TestCase("/dev/shm", 64_000_000, 8, "error    room      64 MB free in /dev/shm → the ranks of a node share memory through files there: make room for 134 MB")]
    [TestCase("/tmp", 0, 1, "error    room      0 MB free in /tmp → the ranks of a node share memory through files there: make room for 17 MB, or set TMPDIR")]
    public void Room_for_shared_memory_is_told(string folder, long free, int ranks, string line) => Assert.That(LimitCheck.Room(folder, free, ranks).ToString(), Is.EqualTo(line));

    [Test]
    public void Managed_kernels_are_a_warning_that_says_what_to_install()
    {
        Finding finding = BlasCheck.Library(BlasLibrary.Load(new BlasOptions { Library = BlasLibrary.Managed, Threads = 1 })).Single();

        Assert.That(finding.ToString(), Does.StartWith("warning  BLAS      managed kernels, 1 thread").And.Contains("apt install libopenblas0-pthread"));
    }
}
