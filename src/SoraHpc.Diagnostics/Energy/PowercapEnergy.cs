using System.Globalization;

namespace SoraHpc.Diagnostics.Energy;

/// <summary>
/// Energy of this machine's processors and memory as the kernel counts it (RAPL, by powercap): the packages, and the memory where it is
/// counted apart from them. Counters wrap around, after some minutes at full load: call <see cref="Update"/> more often than that.
/// </summary>
/// <remarks>Used by one thread. Source: the kernel's Documentation/power/powercap/powercap.rst.</remarks>
public sealed class PowercapEnergy
{
    /// <summary>Where the kernel shows its zones.</summary>
    public const string KernelFolder = "/sys/class/powercap";

    private sealed class Zone(string counter, long range, long last)
    {
        internal readonly string Counter = counter;
        internal readonly long Range = range;
        internal long Last = last;
    }

    private readonly List<Zone> zones;
    private long microjoules;

    private PowercapEnergy(List<Zone> zones) => this.zones = zones;

    /// <summary>Joules since it was opened, as of the last update.</summary>
    public double Joules => microjoules * 1e-6;

    /// <summary>Starts counting; null where nothing is counted, or only for the administrator.</summary>
    public static PowercapEnergy? Open(string folder = KernelFolder)
    {
        List<Zone> zones = [];
        try
        {
            foreach (string path in Directory.Exists(folder) ? Directory.GetDirectories(folder, "intel-rapl:*") : [])
                if (IsCounted(path, File.ReadAllText(Path.Combine(path, "name")).Trim()))
                    zones.Add(new(Path.Combine(path, "energy_uj"), Number(Path.Combine(path, "max_energy_range_uj")), Number(Path.Combine(path, "energy_uj"))));
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or FormatException)
        {
            return null;                // half of a machine's energy would be taken for all of it
        }
        return zones.Count > 0 ? new(zones) : null;
    }

    /// <summary>Adds what was used since the last time. A counter that cannot be read any more adds nothing.</summary>
    public void Update()
    {
        foreach (Zone zone in zones)
            try
            {
                long now = Number(zone.Counter);
                microjoules += now >= zone.Last ? now - zone.Last : now - zone.Last + zone.Range + 1;
                zone.Last = now;
            }
            catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or FormatException)
            {
            }
    }

    // A package holds its cores and graphics, which have zones of their own below it; "psys" holds all packages again.
    private static bool IsCounted(string path, string name) =>
        name.StartsWith("package", StringComparison.Ordinal) || name == "dram" && Path.GetFileName(path).Count(c => c == ':') == 2;

    private static long Number(string file) => long.Parse(File.ReadAllText(file), CultureInfo.InvariantCulture);
}
