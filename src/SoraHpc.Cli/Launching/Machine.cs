namespace SoraHpc.Cli.Launching;

/// <summary>The computer this process runs on.</summary>
internal static class Machine
{
    private const string Processors = "/sys/devices/system/cpu";

    /// <summary>Physical cores this process may use, ≥ 1: hardware threads of one core count once.</summary>
    internal static int Cores() => CountCores(Processors, Environment.ProcessorCount);

    /// <summary>Physical cores of the machine, whichever of them this process is bound to, ≥ 1.</summary>
    internal static int CoresOfAllRanks() => CountCores(Processors, int.MaxValue) is var cores and < int.MaxValue ? cores : Environment.ProcessorCount;

    /// <param name="folder">Linux's description of the processors.</param>
    /// <param name="usable">Hardware threads this process may use: a container or a binding may leave it less than the machine has.</param>
    internal static int CountCores(string folder, int usable)
    {
        try
        {
            int cores = Directory.EnumerateDirectories(folder, "cpu*")
                .Select(cpu => Path.Combine(cpu, "topology", "thread_siblings_list"))
                .Where(File.Exists)
                .Select(File.ReadAllText)
                .Distinct()
                .Count();
            return cores > 0 ? Math.Min(cores, usable) : usable;
        }
        catch (IOException)
        {
            return usable;
        }
    }
}
