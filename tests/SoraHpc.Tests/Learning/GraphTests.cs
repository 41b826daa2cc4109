using NUnit.Framework;
using SoraHpc.Communication.Threads;
using SoraHpc.Diagnostics;
using SoraHpc.Learning.Blocks;
using SoraHpc.Learning.Compression;
using SoraHpc.Learning.Graph;
using SoraHpc.Learning.Models;
using static SoraHpc.Tests.Learning.SinglePrecision;

namespace SoraHpc.Tests.Learning;

using Dense = SoraHpc.Learning.Blocks.Dense;      // not the namespace beside this one

public sealed class GraphTests
{
    // Source of the closed forms: Brouwer and Haemers, Spectra of Graphs (2012), section 1.4.
    [Test]
    public void Paths_cycles_and_complete_graphs_have_their_known_spectra([Values(3, 4, 11)] int n)
    {
        AssertSpectrum(Path(n), k => 2 - 2 * Math.Cos(Math.PI * k / n));
        AssertSpectrum(Cycle(n), k => 2 - 2 * Math.Cos(2 * Math.PI * k / n));
        AssertSpectrum(Complete(n), k => k == 0 ? 0 : n);

        void AssertSpectrum(ParticleGraph graph, Func<int, double> eigenvalue) =>
            Assert.That(GraphSpectrum.All(graph), Is.EqualTo(Enumerable.Range(0, n).Select(eigenvalue).Order()).AsCollection.Within(1e-12 * n));
    }

    [Test]
    public void The_largest_eigenvalues_of_a_long_path_are_its_known_ones_on_any_ranks([Values(1, 3)] int ranks)
    {
        const int N = 60;
        ThreadWorld.Run(ranks, world =>
        {
            double[] largest = GraphSpectrum.Largest(world, Path(N), 3);
            for (int i = 0; i < 3; i++)
                Assert.That(largest[i], Is.EqualTo(2 - 2 * Math.Cos(Math.PI * (N - 1 - i) / N)).Within(1e-8));
        });
    }

    [Test]
    public void Paths_cycles_and_complete_graphs_have_their_known_lengths_and_degrees()
    {
        Assert.That(Path(10).PathLengths(), Is.EqualTo((11 / 3.0, 9)));            // (n + 1)/3
        Assert.That(Cycle(10).PathLengths(), Is.EqualTo((25 / 9.0, 5)));           // n²/4(n − 1)
        Assert.That(Cycle(10).PathLengths(sources: 2), Is.EqualTo((25 / 9.0, 5)));
        Assert.That(Complete(10).PathLengths(), Is.EqualTo((1.0, 1)));
        Assert.That(Enumerable.Range(0, 10).Select(Complete(10).DegreeOf), Is.All.EqualTo(9));
        Assert.That(new ParticleGraph(4, [(0, 1, 1), (1, 0, 2)]).DistancesFrom(0), Is.EqualTo((int[])[0, 1, -1, -1]));
        Assert.That(new ParticleGraph(4, [(0, 1, 1), (1, 0, 2)]).WeightsOf(1).ToArray(), Is.EqualTo((double[])[3]));
        Assert.That(() => new ParticleGraph(4, [(2, 2, 1)]), Throws.ArgumentException);
        Assert.That(() => new ParticleGraph(4, [(2, 4, 1)]), Throws.ArgumentException);
    }

    [TestCase(ParticleKind.Weight)]
    [TestCase(ParticleKind.Connection)]
    public void A_blocks_matrix_is_the_sum_of_its_particles(ParticleKind kind)
    {
        using Network<float> network = Convolutions();
        ModelParticles parts = new(network);
        foreach ((int block, int parameter) in ((int, int)[])[(0, 0), (2, 2), (4, 4)])
        {
            float[] sum = new float[network.Parameters[parameter].Values.Length];
            foreach (ModelParticle particle in parts.Particles.Where(each => each.Kind == kind && each.Block == block))
                parts.AddTo(particle, sum);
            Assert.That(sum, Is.EqualTo(network.Parameters[parameter].Values.ToArray()).AsCollection);
        }
    }

    [Test]
    public void Dependency_joins_every_unit_with_its_connections_and_they_with_where_they_come_from()
    {
        using Network<float> network = Convolutions();
        ModelParticles parts = new(network);

        ParticleGraph graph = parts.Dependency();

        Assert.That(parts.Particles, Has.Count.EqualTo(2 * (4 + 3 + 5) + 4 + 4 * 3 + 3 * 5));
        Assert.That(graph.Edges, Is.EqualTo(12 + (4 + 12 + 15) + (12 + 15)));      // unit–activation, unit–connection, connection–source
        Assert.That(graph.DistancesFrom(0), Has.None.Negative);
        network.Parameters[2].Values.Clear();
        Assert.That(parts.Dependency().Edges, Is.EqualTo(graph.Edges - 24));
    }

    [Test]
    public void Similarity_and_interaction_find_units_that_do_the_same()
    {
        using Network<float> network = new(new Model(new Shape(6), new Dense(4), new Activation(ActivationFunction.Tanh), new Dense(2)), Managed, 8, seed: 3);
        Span<float> weights = network.Parameters[0].Values;
        for (int row = 0; row < 6; row++)
            weights[row * 4 + 2] = -2 * weights[row * 4];
        ModelParticles parts = new(network);
        float[] samples = [.. Gradients.Normal(20 * 6).Select(value => (float)value)];

        ParticleGraph similar = parts.Similarity(0.999), together = parts.Interaction(samples, 0.999, Managed);

        Assert.That((similar.Edges, together.Edges), Is.EqualTo((1, 1)));
        int first = IndexOf(parts, new(ParticleKind.Weight, 0, -1, 0)), active = IndexOf(parts, new(ParticleKind.Activation, 0, -1, 0));
        Assert.That(parts.Particles[similar.NeighboursOf(first)[0]], Is.EqualTo(new ModelParticle(ParticleKind.Weight, 0, -1, 2)));
        Assert.That(parts.Particles[together.NeighboursOf(active)[0]], Is.EqualTo(new ModelParticle(ParticleKind.Activation, 0, -1, 2)));
        Assert.That(GraphPicture.Degrees(parts.Dependency(), "Particles"), Does.EndWith("</svg>\n"));
        Assert.That(GraphPicture.Spectrum(similar, GraphSpectrum.All(similar), "Particles"), Does.EndWith("</svg>\n"));
    }

    [Test]
    public void The_engine_gives_the_same_bits_after_an_update_and_on_any_ranks_and_computes_only_what_depends([Values(1, 2, 3, 4)] int ranks)
    {
        float[] input = [.. Gradients.Normal(30).Select(value => (float)value)], changed = [.. input];
        (changed[4], changed[17]) = (2.5f, -1);
        float[]? alone = null, together = null;
        foreach (int size in (int[])[1, ranks])
        {
            ThreadWorld.Run(size, world =>
            {
                using Network<float> network = Sparse();
                using ParticleEngine engine = new(world, network, Managed), other = new(world, network, Managed);
                float[] expected = engine.Evaluate(changed).ToArray();
                int all = world.Allreduce(engine.Computed, SoraHpc.Communication.ReduceOperation.Sum);
                other.Evaluate(input);
                Assert.That(other.Update([4, 17], [2.5f, -1]).ToArray(), Is.EqualTo(expected).AsCollection);
                Assert.That(world.Allreduce(other.Computed, SoraHpc.Communication.ReduceOperation.Sum), Is.LessThan(all));
                Assert.That(all, Is.EqualTo(engine.DistinctUnits));
                other.Update([4], [2.5f]);
                Assert.That(other.Computed, Is.LessThanOrEqualTo(all));
                ReadOnlySpan<float> plain = network.Forward(new Pass([0], false), changed);
                for (int i = 0; i < expected.Length; i++)
                    Assert.That(expected[i], Is.EqualTo(plain[i]).Within(1e-5));
                if (world.IsRoot)
                    together = expected;
            });
            alone ??= together;
        }
        Assert.That(together, Is.EqualTo(alone).AsCollection);
    }

    [Test]
    public void Units_that_are_the_same_are_computed_once()
    {
        ThreadWorld.Run(2, world =>
        {
            using Network<float> network = new(new Model(new Shape(30), new Dense(20), new Activation(ActivationFunction.Relu), new Dense(6)), Managed, 1, seed: 5);
            for (int row = 0; row < 30; row++)
                network.Parameters[0].Values[row * 20 + 7] = network.Parameters[0].Values[row * 20 + 3];
            using ParticleEngine engine = new(world, network, Managed);
            engine.Evaluate(new float[30]);
            Assert.That(engine.DistinctUnits, Is.EqualTo(20 + 6 - 1));
            Assert.That(() => engine.Evaluate(new float[3]), Throws.ArgumentException);
            Assert.That(() => engine.Update([30], [1]), Throws.ArgumentException);
        });
        using Network<float> convolutions = Convolutions();
        Assert.That(() => ThreadWorld.Run(1, world => new ParticleEngine(world, convolutions, Managed).Dispose()), Throws.InstanceOf<Exception>().With.Message.Contains("convolution(4, 3 × 3) is not computed particle by particle"));
    }

    private static Network<float> Convolutions() =>
        new(new Model(new Shape(6, 6, 1), new Convolution2D(4, 3), new Activation(ActivationFunction.Relu), new Convolution2D(3, 3), new Flatten(), new Dense(5)), Managed, 8, seed: 2);

    private static Network<float> Sparse()
    {
        Network<float> network = new(new Model(new Shape(30), new Dense(20), new Activation(ActivationFunction.Relu), new Dropout(0.2), new Dense(6)), Managed, 1, seed: 5);
        foreach (int place in (int[])[0, 2])
            Pruning.Apply(network.Parameters[place].Values, 0.9).CopyTo(network.Parameters[place].Values);
        return network;
    }

    private static int IndexOf(ModelParticles parts, ModelParticle particle) => parts.Particles.ToList().IndexOf(particle);

    private static ParticleGraph Path(int n) => new(n, Enumerable.Range(0, n - 1).Select(i => (i, i + 1, 1.0)));

    private static ParticleGraph Cycle(int n) => new(n, Enumerable.Range(0, n).Select(i => (i, (i + 1) % n, 1.0)));

    private static ParticleGraph Complete(int n) => new(n, from i in Enumerable.Range(0, n) from j in Enumerable.Range(0, i) select (i, j, 1.0));
}
