using SoraHpc.Diagnostics;
using SoraHpc.Learning.Blocks;
using SoraHpc.Learning.Models;
using SoraHpc.LinearAlgebra;

namespace SoraHpc.Learning.Graph;

/// <summary>
/// A trained model taken apart: the matrix of every dense block and convolution is the sum of its units' weight particles, W = Σ p, and also of its
/// connections. No number belongs to two particles of a kind, so both sums are exact. Local.
/// </summary>
/// <remarks>Three relations: who depends on whom (<see cref="Dependency"/>), whose weights point the same way (<see cref="Similarity"/>), who is active
/// together (<see cref="Interaction"/>).</remarks>
public sealed class ModelParticles
{
    private readonly Network<float> network;
    private readonly List<(int Block, Parameter<float> Weights, int Sources)> linear = [];
    private readonly List<ModelParticle> particles = [];
    private readonly Dictionary<ModelParticle, int> places = [];

    /// <param name="network">Of blocks in one series; it is read whenever something is asked.</param>
    /// <exception cref="UsageException">No block of it is dense or a convolution.</exception>
    public ModelParticles(Network<float> network)
    {
        this.network = network;
        Shape[] shapes = network.Model.Blocks.ShapesFor(network.Model.Input);
        for (int i = 0, parameter = 0, channels = network.Model.Input[^1]; i < network.Model.Blocks.Blocks.Count; i++)
        {
            Block block = network.Model.Blocks.Blocks[i];
            if (block is Dense or Convolution2D)
            {
                // Channels vary fastest, also behind a flatten: row mod channels is a row's channel.
                Parameter<float> weights = network.Parameters[parameter];
                linear.Add((i, weights, channels));
                Add(i, channels, weights.Tensor.Shape[1]);
                channels = weights.Tensor.Shape[1];
            }
            else if (block is not (Flatten or Activation or Dropout or MaxPooling or AveragePooling or Softmax or LayerNormalise or BatchNormalise or MeanOverTime))
                channels = shapes[i + 1][^1];
            parameter += block.ParametersOf(shapes[i]).Count;
        }
        if (linear.Count == 0)
            throw new UsageException($"{network.Model} has no dense block and no convolution to take apart");
    }

    /// <summary>All of them: block by block weights, connections, activations.</summary>
    public IReadOnlyList<ModelParticle> Particles => particles;

    /// <summary>Adds a particle's numbers to a matrix of its block's size.</summary>
    /// <exception cref="ArgumentException">An activation, which has none, or a matrix of another size.</exception>
    public void AddTo(ModelParticle particle, Span<float> matrix)
    {
        (_, Parameter<float> weights, int sources) = linear.Find(each => each.Block == particle.Block);
        if (particle.Kind == ParticleKind.Activation || weights is null || matrix.Length != weights.Values.Length)
            throw new ArgumentException($"{particle} cannot be added to {matrix.Length} numbers", nameof(particle));
        foreach (int i in PlacesOf(particle, weights, sources))
            matrix[i] += weights.Values[i];
    }

    /// <summary>Connections that are not 0 with where they come from and the unit they belong to, and units with what they give; weighted by a connection's length.</summary>
    public ParticleGraph Dependency()
    {
        List<(int, int, double)> edges = [];
        for (int place = 0; place < linear.Count; place++)
        {
            (int block, Parameter<float> weights, int sources) = linear[place];
            for (int unit = 0; unit < weights.Tensor.Shape[1]; unit++)
            {
                int weight = places[new(ParticleKind.Weight, block, -1, unit)];
                edges.Add((weight, places[new(ParticleKind.Activation, block, -1, unit)], 1));
                for (int source = 0; source < sources; source++)
                {
                    ModelParticle connection = new(ParticleKind.Connection, block, source, unit);
                    double length = LengthOf(connection, weights, sources);
                    if (length == 0)
                        continue;
                    edges.Add((weight, places[connection], length));
                    if (place > 0 && linear[place - 1].Weights.Tensor.Shape[1] == sources)
                        edges.Add((places[new(ParticleKind.Activation, linear[place - 1].Block, -1, source)], places[connection], length));
                }
            }
        }
        return new(particles.Count, edges);
    }

    /// <summary>Units of one block whose weights have a cosine of at least <paramref name="least"/> in magnitude, in (0, 1].</summary>
    public ParticleGraph Similarity(double least)
    {
        List<(int, int, double)> edges = [];
        foreach ((int block, Parameter<float> weights, _) in linear)
            Relate(weights.Values, weights.Tensor.Shape[1], ParticleKind.Weight, block, least, edges);
        return new(particles.Count, edges);
    }

    /// <summary>Units of one block whose activations over some samples have a correlation of at least <paramref name="least"/> in magnitude: an image's or a
    /// sequence's places count one by one.</summary>
    /// <param name="samples">Samples × elements of the model's input.</param>
    /// <param name="least">In (0, 1].</param>
    /// <param name="products">Matrix products.</param>
    public ParticleGraph Interaction(ReadOnlySpan<float> samples, double least, MatrixProducts<float> products)
    {
        List<(int, int, double)> edges = [];
        foreach ((int block, Parameter<float> weights, _) in linear)
            Relate(Centred(ActivationsOf(block, samples, products), weights.Tensor.Shape[1]), weights.Tensor.Shape[1], ParticleKind.Activation, block, least, edges);
        return new(particles.Count, edges);
    }

    private void Add(int block, int sources, int units)
    {
        for (int unit = 0; unit < units; unit++)
            Add(new(ParticleKind.Weight, block, -1, unit));
        for (int unit = 0; unit < units; unit++)
            for (int source = 0; source < sources; source++)
                Add(new(ParticleKind.Connection, block, source, unit));
        for (int unit = 0; unit < units; unit++)
            Add(new(ParticleKind.Activation, block, -1, unit));
    }

    private void Add(ModelParticle particle)
    {
        places.Add(particle, particles.Count);
        particles.Add(particle);
    }

    private static IEnumerable<int> PlacesOf(ModelParticle particle, Parameter<float> weights, int sources)
    {
        int columns = weights.Tensor.Shape[1];
        (int first, int step) = particle.Kind == ParticleKind.Weight ? (0, 1) : (particle.Source, sources);
        for (int row = first; row < weights.Tensor.Shape[0]; row += step)
            yield return row * columns + particle.Unit;
    }

    private static double LengthOf(ModelParticle particle, Parameter<float> weights, int sources)
    {
        double squares = 0;
        foreach (int i in PlacesOf(particle, weights, sources))
            squares += (double)weights.Values[i] * weights.Values[i];
        return Math.Sqrt(squares);
    }

    private void Relate(ReadOnlySpan<float> rows, int columns, ParticleKind kind, int block, double least, List<(int, int, double)> edges)
    {
        if (!(least is > 0 and <= 1))
            throw new UsageException(FormattableString.Invariant($"a least cosine of {least}: give a number in (0, 1]"));
        double[] products = new double[columns * columns];
        for (int begin = 0; begin < rows.Length; begin += columns)
            for (int i = 0; i < columns; i++)
                for (int j = 0; j <= i; j++)
                    products[i * columns + j] += (double)rows[begin + i] * rows[begin + j];
        for (int i = 0; i < columns; i++)
            for (int j = 0; j < i; j++)
            {
                double cosine = Math.Abs(products[i * columns + j]) / Math.Sqrt(products[i * columns + i] * products[j * columns + j]);
                if (cosine >= least)                        // not of a unit that is 0: 0/0 is no cosine
                    edges.Add((places[new(kind, block, -1, j)], places[new(kind, block, -1, i)], cosine));
            }
    }

    // The blocks up to this one are a network of their own.
    private float[] ActivationsOf(int block, ReadOnlySpan<float> samples, MatrixProducts<float> products)
    {
        using Network<float> first = new(new Model(network.Model.Input, [.. network.Model.Blocks.Blocks.Take(block + 1)]), products, network.Capacity);
        network.Values.Span[..first.Values.Length].CopyTo(first.Values.Span);
        List<float> activations = [];
        int elements = network.Model.Input.Elements;
        for (int begin = 0; begin < samples.Length; begin += network.Capacity * elements)
        {
            ReadOnlySpan<float> batch = samples[begin..Math.Min(samples.Length, begin + network.Capacity * elements)];
            activations.AddRange(first.Forward(new Pass([.. Enumerable.Range(0, batch.Length / elements).Select(i => (long)i)], isTraining: false), batch));
        }
        return [.. activations];
    }

    private static float[] Centred(float[] rows, int columns)
    {
        double[] means = new double[columns];
        for (int i = 0; i < rows.Length; i++)
            means[i % columns] += rows[i];
        for (int i = 0; i < rows.Length; i++)
            rows[i] -= (float)(means[i % columns] * columns / rows.Length);
        return rows;
    }
}
