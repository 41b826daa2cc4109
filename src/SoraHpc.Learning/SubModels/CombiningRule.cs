using System.Text.Json.Serialization;

namespace SoraHpc.Learning.SubModels;

/// <summary>What becomes of the outputs of sub-models in parallel.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CombiningRule>))]
public enum CombiningRule
{
    /// <summary>One row, the first sub-model's numbers first. Each gives a row.</summary>
    Concatenate,
    /// <summary>Their mean. All give the same shape, here and below.</summary>
    Mean,
    /// <summary>The largest, number by number.</summary>
    Max,
    /// <summary>Outputs are logits, and every sub-model votes for its largest one: the logarithm of each class's votes, where the mean probability decides
    /// between equals. While training, the logarithm of the mean probability, which has a slope everywhere.</summary>
    Vote,
    /// <summary>A linear map of all outputs to as many numbers as one sub-model gives; it is learnt with them. Each gives a row.</summary>
    Learned,
}
