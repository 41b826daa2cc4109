using SoraHpc.Learning.Blocks;
using SoraHpc.Learning.Models;

namespace SoraHpc.Jobs.Training;

/// <summary>The model of a table, be it read whole or chunk by chunk.</summary>
internal static class TableModel
{
    private const int Units = 64;

    /// <summary>One dense block, softmax regression; or two, with 64 units between them.</summary>
    internal static Model For(Shape row, int classes, bool isLinear) =>
        isLinear ? new(row, new Dense(classes)) : new(row, new Dense(Units), new Activation(ActivationFunction.Relu), new Dense(classes));
}
