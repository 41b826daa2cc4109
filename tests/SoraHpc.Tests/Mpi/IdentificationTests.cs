using NUnit.Framework;
using SoraHpc.Communication;
using SoraHpc.Communication.Mpi.Abi;

namespace SoraHpc.Tests.Mpi;

public sealed class IdentificationTests
{
    [TestCase("Open MPI v4.1.4, package: Debian OpenMPI", true, ExpectedResult = "OpenMpi")]
    [TestCase("MPICH Version: 4.0.2", false, ExpectedResult = "Mpich")]
    [TestCase("Intel(R) MPI Library 2021.9 for Linux* OS", false, ExpectedResult = "Mpich")]
    [TestCase("MVAPICH2 Version: 2.3.7", false, ExpectedResult = "Mpich")]
    [TestCase("Microsoft MPI 10.1.12498.18", false, ExpectedResult = "Unknown")]
    [TestCase("MPICH Version: 4.0.2", true, ExpectedResult = "Unknown")]
    [TestCase("", false, ExpectedResult = "Unknown")]
    public string Library_is_known_by_its_own_description(string version, bool hasOpenMpiObjects) =>
        MpiLibrary.Identify(version, hasOpenMpiObjects).ToString();

    [TestCase("", ExpectedResult = "Threads  -1/0 ")]
    [TestCase("OMPI_COMM_WORLD_SIZE=1 OMPI_COMM_WORLD_RANK=0", ExpectedResult = "Mpi Open MPI 0/1 openmpi")]
    [TestCase("OMPI_COMM_WORLD_SIZE=1 OMPI_COMM_WORLD_RANK=0 OMPI_PARENT_PORT=1.0:2", ExpectedResult = "Mpi Open MPI -1/0 openmpi", Description = "started by ranks")]
    [TestCase("PMI_SIZE=4 PMI_RANK=3", ExpectedResult = "Mpi MPICH 3/4 mpich")]
    [TestCase("PMIX_RANK=2", ExpectedResult = "Mpi PMIx 2/0 openmpi")]
    [TestCase("SLURM_PROCID=0 SLURM_NTASKS=8", ExpectedResult = "Threads  -1/0 ", Description = "the batch shell is no rank")]
    [TestCase("SLURM_PROCID=5 SLURM_NTASKS=8 SLURM_STEP_ID=0", ExpectedResult = "Mpi Slurm 5/8 ")]
    [TestCase("SLURM_PROCID=5 SLURM_NTASKS=8 SLURM_STEP_NUM_TASKS=6 SLURM_STEP_ID=0 PMIX_RANK=5", ExpectedResult = "Mpi Slurm 5/6 openmpi")]
    [TestCase("SLURM_PROCID=5 SLURM_NTASKS=8 SLURM_STEP_ID=0 PMI_RANK=5 PMI_SIZE=8", ExpectedResult = "Mpi Slurm 5/8 mpich")]
    [TestCase("SLURM_PROCID=0 SLURM_NTASKS=2 SLURM_STEP_ID=1 HYDI_CONTROL_FD=7 PMI_RANK=3 PMI_SIZE=4", ExpectedResult = "Mpi MPICH 3/4 mpich")]
    [TestCase("SLURM_PROCID=0 SLURM_NTASKS=2 SLURM_STEP_ID=1 OMPI_COMM_WORLD_SIZE=4 OMPI_COMM_WORLD_RANK=3", ExpectedResult = "Mpi Open MPI 3/4 openmpi")]
    public string Launcher_is_read_from_its_variables(string variables)
    {
        Dictionary<string, string> environment = variables.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);

        LaunchEnvironment launch = LaunchEnvironment.Read(name => environment.GetValueOrDefault(name));

        return $"{launch.Transport} {launch.Launcher} {launch.Rank}/{launch.Size} {launch.Library}";
    }
}
