namespace SoraHpc.Jobs.Npb;

/// <summary>Which kernels run, and how large.</summary>
public sealed record NpbOptions
{
    /// <summary>Kernels, in order. Default: all.</summary>
    public IReadOnlyList<INpbKernel> Kernels { get; init; } = NpbKernels.All;

    /// <summary>Problem size. Default: S.</summary>
    public NpbClass Class { get; init; } = NpbClass.S;
}
