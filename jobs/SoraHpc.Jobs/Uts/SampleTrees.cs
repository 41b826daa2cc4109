using SoraHpc.Diagnostics;

namespace SoraHpc.Jobs.Uts;

/// <summary>The benchmark's sample trees, with their published counts.</summary>
/// <remarks>Source: sample_trees.sh of the UTS distribution, version 1.1.</remarks>
public static class SampleTrees
{
    /// <summary>All of them, the small ones first.</summary>
    public static IReadOnlyList<UtsTree> All { get; } =
    [
        Geometric("T1", GeometricShape.Fixed, 10, 4, 19, new(4_130_071, 3_305_118, 10)),
        Geometric("T2", GeometricShape.Cyclic, 16, 6, 502, new(4_117_769, 2_342_762, 81)),
        Binomial("T3", 2000, 0.124875, 8, 42, new(4_112_897, 3_599_034, 1572)),
        Geometric("T4", GeometricShape.Linear, 16, 6, 1, new(4_132_453, 3_108_986, 134)) with { Kind = TreeKind.Hybrid, Probability = 0.234375, BinomialChildren = 4 },
        Geometric("T5", GeometricShape.Linear, 20, 4, 34, new(4_147_582, 2_181_318, 20)),
        Geometric("T1L", GeometricShape.Fixed, 13, 4, 29, new(102_181_082, 81_746_377, 13)),
        Geometric("T2L", GeometricShape.Cyclic, 23, 7, 220, new(96_793_510, 53_791_152, 67)),
        Binomial("T3L", 2000, 0.200014, 5, 7, new(111_345_631, 89_076_904, 17_844)),
        Geometric("T1XL", GeometricShape.Fixed, 15, 4, 29, new(1_635_119_272, 1_308_100_063, 15)),
    ];

    /// <summary>The tree of that name.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    public static UtsTree Named(string name) => All.FirstOrDefault(tree => tree.Name == name)
        ?? throw new UsageException($"no sample tree '{name}'; there are {string.Join(", ", All.Select(tree => tree.Name))}");

    private static UtsTree Geometric(string name, GeometricShape shape, int depth, double mean, int seed, UtsCounts published) =>
        new() { Name = name, Kind = TreeKind.Geometric, Shape = shape, DepthScale = depth, RootChildren = mean, Seed = seed, Published = published };

    private static UtsTree Binomial(string name, double root, double probability, int children, int seed, UtsCounts published) =>
        new() { Name = name, Kind = TreeKind.Binomial, RootChildren = root, Probability = probability, BinomialChildren = children, Seed = seed, Published = published };
}
