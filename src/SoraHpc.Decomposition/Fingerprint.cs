namespace SoraHpc.Decomposition;

/// <summary>A 64-bit hash that is the same on every machine: FNV-1a (G. Fowler, L. C. Noll, K.-P. Vo, 1991), byte by byte.</summary>
internal struct Fingerprint()
{
    private const ulong Prime = 0x100000001b3;

    internal ulong Value { get; private set; } = 0xcbf29ce484222325;

    internal void Add(long number)
    {
        for (int shift = 0; shift < 64; shift += 8)
            Value = (Value ^ (byte)(number >> shift)) * Prime;
    }
}
