using SoraHpc.Diagnostics;

namespace SoraHpc.Jobs.Npb;

/// <summary>The kernels there are. A new one is one class and one line here.</summary>
public static class NpbKernels
{
    /// <summary>In the order they run.</summary>
    public static IReadOnlyList<INpbKernel> All { get; } = [new Ep.EpKernel(), new Cg.CgKernel(), new Mg.MgKernel(), new Ft.FtKernel(), new Is.IsKernel()];

    /// <summary>The kernel of that name, upper or lower case; all for "all".</summary>
    /// <exception cref="UsageException">There is none.</exception>
    public static IReadOnlyList<INpbKernel> Named(string name) =>
        name.Equals("all", StringComparison.OrdinalIgnoreCase) ? All
        : All.FirstOrDefault(kernel => kernel.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } found ? [found]
        : throw new UsageException($"no kernel '{name}'; there are {string.Join(", ", All.Select(kernel => kernel.Name.ToLowerInvariant()))} and all");
}
