using SoraHpc.Learning.Data;

namespace SoraHpc.Tests.Contracts;

/// <summary>Eighteen of Fisher's iris flowers, six of each kind. Source: R. A. Fisher, Annals of Eugenics 7 (1936).</summary>
internal static class IrisTable
{
    internal static readonly string[] Columns = ["sepal length", "sepal width", "petal length", "petal width"];

    internal static readonly double[] Numbers =
    [
        5.1, 3.5, 1.4, 0.2, 4.9, 3.0, 1.4, 0.2, 4.7, 3.2, 1.3, 0.2, 4.6, 3.1, 1.5, 0.2, 5.0, 3.6, 1.4, 0.2, 5.4, 3.9, 1.7, 0.4, 7.0, 3.2, 4.7, 1.4, 6.4, 3.2, 4.5, 1.5, 6.9, 3.1, 4.9, 1.5,
        5.5, 2.3, 4.0, 1.3, 6.5, 2.8, 4.6, 1.5, 5.7, 2.8, 4.5, 1.3, 6.3, 3.3, 6.0, 2.5, 5.8, 2.7, 5.1, 1.9, 7.1, 3.0, 5.9, 2.1, 6.3, 2.9, 5.6, 1.8, 6.5, 3.0, 5.8, 2.2, 7.6, 3.0, 6.6, 2.1,
    ];

    internal static DataParticle Whole { get; } = Of(Numbers);

    internal static DataParticle Of(double[] numbers) =>
        new(Columns, [.. Enumerable.Range(0, 18)], new DenseFeatures(4, numbers), [.. Enumerable.Range(0, 18).Select(row => (double)(row / 6))]);
}
