using SoraHpc.Diagnostics;
using SoraHpc.Learning.Explanations;
using SoraHpc.Learning.Models;
using SoraHpc.Learning.Regression;
using SoraHpc.Learning.Training;

namespace SoraHpc.Jobs.Training;

/// <summary>Why a model tells the classes of a table apart as it does.</summary>
/// <param name="files">Where to.</param>
/// <param name="trainer">The model.</param>
/// <param name="judged">Test samples.</param>
/// <param name="features">Names of the columns.</param>
internal sealed class TableExplanation(ExplanationFiles files, Trainer<float> trainer, SampleShare<float> judged, IReadOnlyList<string> features)
{
    private const int Repeats = 5, LookedAt = 200, Points = 15, Curves = 3, Classes = 6, Interacting = 8, InteractionPoints = 10;

    private readonly Network<float> network = trainer.Network;

    /// <summary>All files but those of coefficients. Collective.</summary>
    internal void Write()
    {
        int classes = network.Model.Output.Elements;
        files.Curve(trainer.History, $"{network.Model.ParameterCount} parameters");
        files.Confusion(ConfusionMatrix.Of(judged, network), [.. Enumerable.Range(0, classes).Select(label => $"{label}")], $"{judged.Samples.Count} test samples");
        Importance[] importance = PermutationImportance.Measure(judged, FeatureGroup.Each(features), trainer.Evaluate, Repeats);
        files.Importance(importance, $"columns of {judged.Samples.Count} test samples, {Repeats} permutations each");
        int[] ranking = [.. Enumerable.Range(0, features.Count).OrderByDescending(column => importance[column].Loss)];
        foreach ((int column, int place) in ranking.Take(Curves).Select((column, place) => (column, place)))
            WriteDependence(column, place + 1, Math.Min(classes, Classes));
        int[] interacting = [.. ranking.Take(Interacting).Order()];
        if (interacting.Length > 1)
            files.Interaction([.. interacting.Select(column => features[column])], FeatureInteraction.Of(judged, network, classes - 1, interacting, InteractionPoints),
                $"of the logit of class {classes - 1}, at {InteractionPoints} test samples");
    }

    /// <summary>The files of a linear model of two classes: fitted to its end by Newton's method, because only there coefficients have standard errors. Collective.</summary>
    /// <returns>What is to be said of it: nothing, or why there are none.</returns>
    internal string WriteCoefficients(SampleTable<float> learnt, TrainingOptions how, (int First, int End) own)
    {
        float[] inputs = new float[learnt.Held * learnt.Shape.Elements], targets = new float[learnt.Held * learnt.Targets];
        learnt.Read([.. Enumerable.Range(0, learnt.Held).Select(i => learnt.First + i)], inputs, targets);
        SampleTable<double> rows = new(learnt.Shape, Array.ConvertAll(inputs, value => (double)value), Array.ConvertAll(targets, value => (double)value), learnt.First, learnt.Count);
        LogisticRegression regression = new(judged.Communicator, rows, 0, new Strata(rows.Count, how.Strata, 1), own.First, own.End, how.IsWeighted);
        try
        {
            while (!regression.IsDone)
                regression.TakeStep();
        }
        catch (SoraException reason)                            // the same on every rank
        {
            return $"  no coefficients with standard errors: {reason.Message}\n";
        }
        files.Coefficients(CoefficientTable.Of(regression.Result, features), $"logistic regression of {learnt.Count} samples, without penalty; 95 % confidence{(how.IsWeighted ? ", weights taken for counts" : "")}", "change of the log-odds of class 1 for one unit of the feature");
        return "";
    }

    // Between the values that a twentieth of the samples stay below and above.
    private void WriteDependence(int column, int number, int classes)
    {
        long count = Math.Min(LookedAt, judged.Samples.Count);
        float[] seen = [.. judged.Gather([.. Enumerable.Range(0, (int)count).Select(i => i * judged.Samples.Count / count)]).Inputs.Chunk(features.Count).Select(row => row[column]).Order()];
        (float low, float high) = (seen[seen.Length / 20], seen[seen.Length - 1 - seen.Length / 20]);
        float[] values = [.. Enumerable.Range(0, Points).Select(i => low + (high - low) * i / (Points - 1))];
        float[][] points = [.. values.Select(value => (float[])[value])];
        files.Dependence($"dependence-{number}", features[column], Array.ConvertAll(values, value => (double)value),
            [.. Enumerable.Range(0, classes).Select(output => ($"class {output}", PartialDependence.Of(judged, network, output, [column], points)))]);
    }
}
