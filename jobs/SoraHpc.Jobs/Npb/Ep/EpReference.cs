namespace SoraHpc.Jobs.Npb.Ep;

/// <summary>The definition, pair after pair: the oracle of <see cref="EpVectors"/>, and what runs where there are no vectors of 512 bits.</summary>
internal static class EpReference
{
    /// <summary>Adds <paramref name="pairs"/> pairs of the sequence behind <paramref name="state"/>.</summary>
    internal static void Add(ulong state, int pairs, ref EpTally tally)
    {
        NpbRandom random = new(state);
        double sumX = 0, sumY = 0;
        for (int pair = 0; pair < pairs; pair++)
        {
            double x = 2 * random.Next() - 1, y = 2 * random.Next() - 1, t = x * x + y * y;
            if (t > 1)
                continue;
            double factor = Math.Sqrt(-2 * Math.Log(t) / t), gaussX = x * factor, gaussY = y * factor;
            tally.Counts[(int)Math.Max(Math.Abs(gaussX), Math.Abs(gaussY))]++;
            sumX += gaussX;
            sumY += gaussY;
        }
        tally.SumX += sumX;
        tally.SumY += sumY;
    }
}
