using System.Numerics;
using SoraHpc.Diagnostics;
using SoraHpc.Learning.Blocks;
using SoraHpc.Learning.Models;

namespace SoraHpc.Learning.SubModels;

/// <summary>
/// How much every sub-model contributes to a prediction: the Shapley value of the game whose players are the sub-models and whose worth is what the model
/// predicts while those that do not play give their mean output over a background. Exact: all 2ᴷ coalitions are computed. Local; used by one thread.
/// </summary>
/// <remarks>Sub-models inside a sub-model do not play. The mean output of one behind others is taken with all present. Source: Shapley, A Value for
/// n-Person Games (1953).</remarks>
public sealed class Contributions<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Most players: 4096 forward passes explain a micro-batch.</summary>
    public const int MostSubModels = 12;

    private readonly Network<T> network;
    private readonly SubModelLayer<T>[] players;
    private readonly double[] weightOf;                         // of a coalition of so many others
    private readonly long[] indices;
    private readonly T[] predicted;

    /// <param name="network">Its numbers may not change while it is explained.</param>
    /// <param name="background">Samples × elements: what the model usually sees; at least one sample.</param>
    /// <exception cref="UsageException">No sub-model, or more than <see cref="MostSubModels"/>.</exception>
    public Contributions(Network<T> network, ReadOnlySpan<T> background)
    {
        players = [.. PlayersIn(network.Layers)];
        if (players.Length is < 1 or > MostSubModels)
            throw new UsageException($"{network.Model} has {players.Length} sub-models: contributions are computed for 1 to {MostSubModels}");
        if (background.Length == 0 || background.Length % network.Model.Input.Elements != 0)
            throw new ArgumentException($"{background.Length} numbers are no samples of {network.Model.Input}", nameof(background));
        (this.network, indices, predicted) = (network, new long[network.Capacity], new T[network.Capacity * network.Model.Output.Elements]);
        weightOf = Weights(players.Length);
        foreach (SubModelLayer<T> player in players)
            player.IsListenedTo = true;
        int step = network.Capacity * network.Model.Input.Elements;
        for (int begin = 0; begin < background.Length; begin += step)
            Predict(background[begin..Math.Min(background.Length, begin + step)]);
        foreach (SubModelLayer<T> player in players)
            player.IsListenedTo = false;
    }

    /// <summary>Their titles.</summary>
    public IReadOnlyList<string> SubModels => [.. players.Select(player => player.Title)];

    /// <summary>Explains predictions.</summary>
    /// <param name="input">Samples × elements; at most as many samples as the network's capacity.</param>
    /// <param name="output">Which number of every sample's prediction.</param>
    /// <returns>One for each sample.</returns>
    public Contribution[] Explain(ReadOnlySpan<T> input, ReadOnlySpan<int> output)
    {
        int samples = input.Length / network.Model.Input.Elements, outputs = network.Model.Output.Elements;
        if (output.Length != samples)
            throw new ArgumentException($"{output.Length} places for {samples} samples", nameof(output));
        double[][] worth = new double[1 << players.Length][];
        try
        {
            for (int coalition = 0; coalition < worth.Length; coalition++)
            {
                for (int player = 0; player < players.Length; player++)
                    players[player].IsAway = (coalition >> player & 1) == 0;
                ReadOnlySpan<T> predicted = Predict(input);
                worth[coalition] = new double[samples];
                for (int sample = 0; sample < samples; sample++)
                    worth[coalition][sample] = double.CreateTruncating(predicted[sample * outputs + output[sample]]);
            }
        }
        finally
        {
            foreach (SubModelLayer<T> player in players)
                player.IsAway = false;
        }
        return [.. Enumerable.Range(0, samples).Select(sample => new Contribution(worth[0][sample],
            [.. Enumerable.Range(0, players.Length).Select(player => ValueOf(player, worth, sample))], worth[^1][sample]))];
    }

    private double ValueOf(int player, double[][] worth, int sample)
    {
        double value = 0;
        for (int others = 0; others < worth.Length; others++)
            if ((others >> player & 1) == 0)
                value += weightOf[BitOperations.PopCount((uint)others)] * (worth[others | 1 << player][sample] - worth[others][sample]);
        return value;
    }

    private ReadOnlySpan<T> Predict(ReadOnlySpan<T> input)
    {
        Pass pass = new(indices.AsSpan(0, input.Length / network.Model.Input.Elements), isTraining: false);
        network.Forward(pass, input).CopyTo(predicted);
        return predicted;
    }

    // |S|! (K − |S| − 1)! / K!
    private static double[] Weights(int players)
    {
        double[] weights = new double[players];
        weights[0] = 1.0 / players;
        for (int size = 1; size < players; size++)
            weights[size] = weights[size - 1] * size / (players - size);
        return weights;
    }

    private static IEnumerable<SubModelLayer<T>> PlayersIn(Layer<T> layer) => layer switch
    {
        SubModelLayer<T> player => [player],
        BranchesLayer<T> branches => branches.SubModels,
        SeriesLayer<T> series => series.Layers.SelectMany(PlayersIn),
        _ => [],
    };
}
