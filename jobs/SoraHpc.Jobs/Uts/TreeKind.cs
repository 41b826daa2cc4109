namespace SoraHpc.Jobs.Uts;

/// <summary>How the number of children is distributed.</summary>
public enum TreeKind
{
    /// <summary>Many or no children, with the same probability at every depth: infinitely varied subtrees.</summary>
    Binomial,
    /// <summary>Geometric, with a mean that depends on depth as <see cref="GeometricShape"/> says.</summary>
    Geometric,
    /// <summary>Geometric in the upper half, binomial below.</summary>
    Hybrid,
}

/// <summary>How the mean number of children of a geometric tree goes with depth.</summary>
public enum GeometricShape
{
    /// <summary>b₀·(1 − depth/d).</summary>
    Linear,
    /// <summary>b₀ as far as depth d, then none.</summary>
    Fixed,
    /// <summary>b₀ to the power sin(2π·depth/d), none beyond depth 5·d.</summary>
    Cyclic,
}
