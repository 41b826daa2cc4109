namespace SoraHpc.Tests.Checkpoints;

/// <summary>Damages a file as disks, transfers and people do.</summary>
internal static class Mutation
{
    /// <summary>A damaged copy, never equal to the original; the same for the same random numbers.</summary>
    /// <param name="older">The generation before it.</param>
    internal static byte[] Of(byte[] whole, byte[] older, Random random)
    {
        byte[] mutated = Once(whole, older, random);
        while (mutated.AsSpan().SequenceEqual(whole))
            mutated = Once(mutated, older, random);
        return mutated;
    }

    private static byte[] Once(byte[] whole, byte[] older, Random random)
    {
        int at = Place(whole.Length, random), length = Math.Min(1 << random.Next(12), whole.Length - at), other = Place(whole.Length - length + 1, random);
        byte[] copy = [.. whole];
        switch (random.Next(12))
        {
            case 0:
                return copy[..at];
            case 1:
                return [.. copy, .. new byte[length]];
            case 2:
                return [.. copy[..at], .. Noise(length, random), .. copy[at..]];
            case 3:
                return [.. copy[..at], .. copy[(at + length)..]];
            case 4:
                copy.AsSpan(at, length).Clear();
                return copy;
            case 5:
                Noise(length, random).CopyTo(copy, at);
                return copy;
            case 6:
                whole.AsSpan(other, length).CopyTo(copy.AsSpan(at));
                return copy;
            case 7:                                         // two pieces change places
                whole.AsSpan(other, length).CopyTo(copy.AsSpan(at));
                whole.AsSpan(at, length).CopyTo(copy.AsSpan(other));
                return copy;
            case 8:                                         // a piece, or all the rest, is the generation's before
                int end = random.Next(2) == 0 ? at + length : copy.Length;
                older.AsSpan(Math.Min(at, older.Length)..Math.Min(end, older.Length)).CopyTo(copy.AsSpan(at));
                return copy;
            default:
                copy[at] ^= (byte)(1 << random.Next(8));
                return copy;
        }
    }

    // Half of all damage goes to the beginning, where the description of everything else is.
    private static int Place(int length, Random random) => random.Next(2) == 0 ? random.Next(Math.Min(length, 512)) : random.Next(length);

    private static byte[] Noise(int length, Random random)
    {
        byte[] noise = new byte[length];
        random.NextBytes(noise);
        return noise;
    }
}
