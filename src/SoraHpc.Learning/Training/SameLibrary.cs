using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.LinearAlgebra;

namespace SoraHpc.Learning.Training;

/// <summary>One library of dense algebra for all ranks: libraries differ in the last bits, and ranks that measure would find one or the other the fastest.</summary>
public static class SameLibrary
{
    /// <summary>Loads with one thread, on every rank, the library that rank 0 finds. Collective.</summary>
    /// <param name="communicator">The ranks.</param>
    /// <param name="name">As in <see cref="BlasOptions.Library"/>.</param>
    /// <exception cref="UsageException">A library was named and cannot be used.</exception>
    public static BlasLibrary Load(Communicator communicator, string name = "auto")
    {
        BlasOptions options = new() { Library = name, Threads = 1 };
        BlasLibrary? first = communicator.IsRoot ? Load(options) : null;
        char[] chosen = new char[communicator.Broadcast(first?.Name.Length ?? 0)];
        first?.Name.CopyTo(chosen);
        communicator.Broadcast<char>(chosen);
        return first ?? Load(options with { Library = new(chosen) });
    }

    private static BlasLibrary Load(BlasOptions options)
    {
        try
        {
            return BlasLibrary.Load(options);
        }
        catch (BlasException refused)
        {
            throw new UsageException(refused.Message);
        }
    }
}
