namespace SoraHpc.Jobs.Npb.Is;

/// <summary>The keys: sums of four random numbers, so that the middle of the range is crowded.</summary>
internal static class IsKeys
{
    /// <summary>Fills <paramref name="keys"/> with those from place <paramref name="first"/> of the sequence on.</summary>
    /// <remarks>Largest/4 times a sum of four numbers below 1, rounded down: in integers of 48 bits, a shift.</remarks>
    internal static void Fill(IsProblem problem, long first, Span<int> keys)
    {
        NpbRandom random = new(NpbRandom.Seed);
        random.Skip(4 * (ulong)first);
        int shift = 46 + 2 - problem.LogLargest;
        foreach (ref int key in keys)
        {
            ulong sum = 0;
            for (int i = 0; i < 4; i++)
            {
                random.Next();
                sum += random.State;
            }
            key = (int)(sum >> shift);
        }
    }

    /// <summary>Changes two keys of the whole sequence, as iteration <paramref name="iteration"/> ≥ 1 must. Local to the rank whose share starts at <paramref name="first"/>.</summary>
    internal static void Alter(IsProblem problem, int iteration, long first, Span<int> keys)
    {
        if (first != 0)
            return;
        keys[iteration] = iteration;
        keys[iteration + IsProblem.Iterations] = problem.Largest - iteration;
    }
}
