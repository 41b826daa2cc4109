using SoraHpc.Diagnostics;
using SoraHpc.Learning.Blocks;
using SoraHpc.Learning.Models;

namespace SoraHpc.Learning.Compression;

/// <summary>
/// The smallest code within an accuracy: weight by weight more is pruned and fewer values are shared, always the step that saves most bytes, as long as the
/// measured accuracy stays. A step that costs too much is not tried again until the weights have been learnt on.
/// </summary>
/// <remarks>At most as many measurements as there are steps: twenty for every weight. Collective where measuring is; every rank decides the same.</remarks>
public sealed class CompressionSearch
{
    private readonly Network<float> network;
    private readonly Func<double> accuracyOf;
    private readonly CompressionChoice[] choices;
    private readonly Dictionary<(int Weight, CompressionChoice Choice), CodedTensor> tried = [];
    private readonly List<(long Bytes, double Accuracy)> path = [];
    private CompressedModel? last;

    /// <param name="network">Trained; its values are changed while the search looks.</param>
    /// <param name="accuracyOf">Measures the network as it is, in [0, 1]; the same on every rank.</param>
    public CompressionSearch(Network<float> network, Func<double> accuracyOf)
    {
        (this.network, this.accuracyOf) = (network, accuracyOf);
        choices = new CompressionChoice[network.Parameters.Length];
    }

    /// <summary>Measurements made.</summary>
    public int Measurements { get; private set; }

    /// <summary>Every step taken, of all searches: bytes of the code and accuracy before learning on.</summary>
    public IReadOnlyList<(long Bytes, double Accuracy)> Path => path;

    /// <summary>Searches from where the last search ended, with the network's present values; at the end the network has the code's.</summary>
    /// <param name="least">Accuracy that is to stay.</param>
    /// <param name="shares">Whether values are shared, too; otherwise weights are pruned, and the others keep eight bits.</param>
    /// <exception cref="SoraException">Eight bits a weight cost more already; the line says what they keep.</exception>
    public CompressedModel Search(double least, bool shares = true)
    {
        float[] values = network.Values.ToArray();
        tried.Clear();
        CodedTensor[] coded = [.. Enumerable.Range(0, choices.Length).Select(i => CodeOf(i, choices[i], values))];
        double kept = Measure(coded);
        if (kept < least && last is not null)
            return Take(last);
        if (kept < least)
            throw new SoraException(FormattableString.Invariant(
                $"no code keeps an accuracy of {least:P2}: the best found, {new CompressedModel(network.Model, coded).Bytes} bytes, has {kept:P2}; allow a larger budget"));
        path.Add((new CompressedModel(network.Model, coded).Bytes, kept));
        HashSet<(int, bool)> closed = [];
        while (Candidates(coded, values, closed, shares) is { Count: > 0 } candidates)
        {
            (int weight, CompressionChoice choice, CodedTensor tensor) = candidates.MaxBy(each => coded[each.Weight].Bits - each.Tensor.Bits);
            CodedTensor before = coded[weight];
            coded[weight] = tensor;
            if (tensor.Bits < before.Bits && (kept = Measure(coded)) >= least)
            {
                choices[weight] = choice;
                path.Add((new CompressedModel(network.Model, coded).Bytes, kept));
            }
            else
            {
                coded[weight] = before;
                closed.Add((weight, choice.Pruned > choices[weight].Pruned));
            }
        }
        return Take(new(network.Model, coded));
    }

    private CompressedModel Take(CompressedModel found)
    {
        found.CopyTo(network);
        return last = found;
    }

    private List<(int Weight, CompressionChoice Choice, CodedTensor Tensor)> Candidates(CodedTensor[] coded, float[] values, HashSet<(int, bool)> closed, bool shares)
    {
        List<(int, CompressionChoice, CodedTensor)> candidates = [];
        for (int i = 0; i < coded.Length; i++)
            if (CompressedModel.IsWeight(network.Parameters[i]))
                foreach (bool prunes in shares ? (bool[])[true, false] : [true])
                    if (!closed.Contains((i, prunes)) && (prunes ? choices[i].MorePruned : choices[i].FewerShared) is { } choice)
                        candidates.Add((i, choice, CodeOf(i, choice, values)));
        return candidates;
    }

    private CodedTensor CodeOf(int parameter, CompressionChoice choice, float[] values)
    {
        if (tried.TryGetValue((parameter, choice), out CodedTensor? before))
            return before;
        int begin = network.Parameters.Take(parameter).Sum(each => each.Values.Length);
        ReadOnlySpan<float> own = values.AsSpan(begin, network.Parameters[parameter].Values.Length);
        return tried[(parameter, choice)] = CompressedModel.IsWeight(network.Parameters[parameter])
            ? choice.Code(own, network.Parameters[parameter].Tensor.Shape[1]) : CodedTensor.AsIs(own);
    }

    private double Measure(CodedTensor[] coded)
    {
        Measurements++;
        new CompressedModel(network.Model, coded).CopyTo(network);
        return accuracyOf();
    }
}
