namespace SoraHpc.Jobs.Npb;

/// <summary>The benchmarks' problem sizes: S for trying, W for a workstation of 1994, A and B to measure, C where memory is large.</summary>
public enum NpbClass
{
    S, W, A, B, C,
}
