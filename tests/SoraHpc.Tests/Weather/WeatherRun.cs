using SoraHpc.Communication;
using SoraHpc.Communication.Threads;
using SoraHpc.Jobs.Weather;

namespace SoraHpc.Tests.Weather;

/// <summary>Models on ranks that are threads, and states to put into them.</summary>
internal static class WeatherRun
{
    /// <summary>Runs a body with a model of the case, started at time 0, on every rank; elements dealt by <paramref name="ownerOf"/>.</summary>
    internal static void OnRanks(int ranks, int elementsPerSide, WilliamsonCase test, Action<ShallowWaterModel, Communicator> body, Func<int, int>? ownerOf = null) =>
        ThreadWorld.Run(ranks, world =>
        {
            CubedSphere sphere = new(elementsPerSide);
            ElementMap map = new(sphere, world.Rank, ownerOf ?? (element => (int)((long)element * ranks / sphere.Elements)));
            using ShallowWaterModel model = new(world, map, test.Rotation, test.Dynamics);
            model.Initialise(direction => test.At(direction, 0));
            body(model, world);
        });

    /// <summary>Steps for some hours with the longest stable step that divides them.</summary>
    internal static void Advance(ShallowWaterModel model, double hours, double fraction = 0.8)
    {
        double seconds = hours * 3600;
        int steps = (int)Math.Ceiling(seconds / (fraction * model.StableTimeStep()));
        for (int step = 0; step < steps; step++)
            model.Step(seconds / steps);
    }

    /// <summary>Depths between 1 and 2 km and tangent winds of some m/s, discontinuous from node to node.</summary>
    internal static void Randomise(ShallowWaterModel model, int seed)
    {
        Random random = new(seed);
        var nodes = new FlowState[model.Map.Owned.Length * Layout.Element];
        for (int n = 0; n < nodes.Length; n++)
            nodes[n] = new(1000 + 1000 * random.NextDouble(), 500 * random.NextDouble(),
                new(20 * random.NextDouble() - 10, 20 * random.NextDouble() - 10, 20 * random.NextDouble() - 10));
        model.Initialise(nodes);
    }
}
