using System.Text.Json.Serialization;

namespace SoraHpc.Learning.Training;

/// <summary>How far a prediction is from its target.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Loss>))]
public enum Loss
{
    /// <summary>−log of the probability that softmax gives the right class. The model's outputs are logits, one a class; the target is the class, a
    /// whole number from 0.</summary>
    CrossEntropy,
    /// <summary>−log of the probability that the logistic function gives the right answer. One logit; the target is 0 or 1.</summary>
    Logistic,
    /// <summary>Mean over the outputs of (prediction − target)². As many targets as outputs.</summary>
    MeanSquaredError,
}
