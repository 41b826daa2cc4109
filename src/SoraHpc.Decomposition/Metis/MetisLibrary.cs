using System.Runtime.InteropServices;

namespace SoraHpc.Decomposition.Metis;

/// <summary>The system's METIS, loaded when the first graph is cut.</summary>
internal sealed unsafe class MetisLibrary
{
    // METIS draws from the C library's random numbers, of which a process has one sequence: one graph at a time, each with its own
    // seed, or ranks that are threads would get different answers.
    private static readonly Lock Gate = new();

    private const int Options = 40, SeedOption = 8, Ok = 1, OutOfMemory = -3;
    private const int Seed = 1;

    // Recursive bisection takes the ln(parts)-th root of the tolerance for each of its ⌈log₂ parts⌉ levels, which compounds to more than
    // was asked for unless less is asked for. It keeps unequal shares better; k-way is faster and cuts less from about here.
    private const int MostPartsForBisection = 8;

    private readonly string name;
    private readonly MetisFunctions metis;

    private MetisLibrary(string name, nint handle) => (this.name, metis) = (name, new MetisFunctions(handle));

    /// <exception cref="PartitionException">It is not there, or is no METIS, or one of 64-bit integers.</exception>
    internal static MetisLibrary Load(string name)
    {
        if (!NativeLibrary.TryLoad(name, out nint handle))
            throw new PartitionException($"graph partitions need METIS, and {name} is not on this machine: install it (Debian 12: apt install libmetis5) or use another partition");
        try
        {
            MetisLibrary library = new(name, handle);
            library.RefuseWideIntegers();
            return library;
        }
        catch (EntryPointNotFoundException failure)
        {
            throw new PartitionException($"{name} is not METIS 5: {failure.Message.ReplaceLineEndings(" ")}");
        }
    }

    /// <summary>The part of every vertex.</summary>
    /// <param name="weights">Of every vertex, > 0, their sum below 2³¹.</param>
    /// <param name="shares">Of every part, summing to 1; two or more.</param>
    /// <param name="imbalance">What a part may weigh over its share.</param>
    internal int[] Cut(TileGraph graph, int[] weights, float[] shares, double imbalance)
    {
        int vertices = weights.Length, constraints = 1, parts = shares.Length, cutWeight;
        int[] part = new int[vertices];
        int* options = stackalloc int[Options];
        bool bisects = parts <= MostPartsForBisection;
        float allowed = (float)(bisects ? Math.Pow(imbalance, Math.Log(parts) / Math.Ceiling(Math.Log2(parts))) : imbalance);
        int code;
        using (Gate.EnterScope())
            fixed (int* starts = graph.Starts, neighbours = graph.Neighbours, vertexWeights = weights, edgeWeights = graph.EdgeWeights, result = part)
            fixed (float* targets = shares)
            {
                _ = metis.SetDefaultOptions(options);
                options[SeedOption] = Seed;
                var cut = bisects ? metis.PartGraphRecursive : metis.PartGraphKway;
                code = cut(&vertices, &constraints, starts, neighbours, vertexWeights, null, edgeWeights, &parts, targets, &allowed, options, &cutWeight, result);
            }
        return code == Ok ? part : throw new PartitionException(
            $"{name} could not cut a graph of {vertices} pieces into {parts} parts: {(code == OutOfMemory ? "out of memory" : $"error {code}")}; use another partition");
    }

    // Default options are -1 in every place: a build of 64-bit integers writes past the 40th.
    private void RefuseWideIntegers()
    {
        int* options = stackalloc int[2 * Options];
        new Span<int>(options, 2 * Options).Clear();
        _ = metis.SetDefaultOptions(options);
        if (options[Options] != 0)
            throw new PartitionException($"{name} is built with 64-bit integers, which is not supported: use the system's (Debian 12: apt install libmetis5)");
    }
}
