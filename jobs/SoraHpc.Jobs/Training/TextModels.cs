using SoraHpc.Learning.Blocks;
using SoraHpc.Learning.Models;
using SoraHpc.Learning.SubModels;

namespace SoraHpc.Jobs.Training;

/// <summary>The same task by sub-models in four arrangements.</summary>
public static class TextModels
{
    private const int Features = 8, Units = 16;

    /// <summary>The one whose model is left behind and explained.</summary>
    public const string Kept = "hybrid";

    /// <summary>Titles of a model's sub-models, in the order of <see cref="Contributions{T}.SubModels"/>.</summary>
    public static IReadOnlyList<string> SubModelsOf(Model model) => [.. model.Blocks.Blocks.SelectMany(block => block switch
    {
        Branches branches => branches.SubModels.Select(each => each.Title),
        SubModel stage => [stage.Title],
        _ => [],
    })];

    /// <summary>Name and model of each.</summary>
    /// <param name="words">Of a text, even.</param>
    /// <param name="vocabulary">Word numbers.</param>
    /// <param name="classes">Labels.</param>
    public static IReadOnlyList<(string Name, Model Model)> All(int words, int vocabulary, int classes)
    {
        Shape text = new(words);
        SubModel Half(string title, int outputs, ColumnRange columns) => new(title, columns, new Embedding(vocabulary, Features), new Gru(Units), new Dense(outputs));
        SubModel[] Halves(int outputs) => [Half("first half", outputs, new(0, words / 2)), Half("second half", outputs, new(words / 2, words))];
        return
        [
            ("parallel", new(text, new Branches(CombiningRule.Mean, Halves(classes)))),
            ("series", new(text, new SubModel("reader", null, new Embedding(vocabulary, Features), new Gru(Units)), new SubModel("judge", null, new Dense(Units), new Activation(ActivationFunction.Relu), new Dense(classes)))),
            (Kept, new(text, new Branches(CombiningRule.Concatenate, Halves(Units)), new SubModel("judge", null, new Activation(ActivationFunction.Relu), new Dense(classes)))),
            ("shared", new(text, new Branches(Halves(Units), CombiningRule.Concatenate, [new("first half", "second half", 2)]), new SubModel("judge", null, new Activation(ActivationFunction.Relu), new Dense(classes)))),
        ];
    }
}
