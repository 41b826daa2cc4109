namespace SoraHpc.Jobs.Uts;

/// <summary>Words side by side, one a lane, and what SHA-1 does with them. A struct type parameter: every call becomes one or two instructions.</summary>
/// <typeparam name="TVector">The lanes: a vector of words, or one word.</typeparam>
internal unsafe interface ILanes<TVector> where TVector : unmanaged
{
    /// <summary>Lanes, at most 32.</summary>
    static abstract int Count { get; }

    /// <summary>0, 1, 2, …</summary>
    static abstract TVector Numbers { get; }

    static abstract TVector Broadcast(uint value);
    static abstract TVector Load(uint* from);
    static abstract void Store(TVector value, uint* to);
    static abstract TVector Add(TVector a, TVector b);
    static abstract TVector Xor(TVector a, TVector b);

    /// <summary>a ⊕ b ⊕ c: the standard's Parity.</summary>
    static abstract TVector Parity(TVector a, TVector b, TVector c);

    /// <summary>Where a bit of <paramref name="a"/> is set that of b, else that of c: the standard's Ch.</summary>
    static abstract TVector Choose(TVector a, TVector b, TVector c);

    /// <summary>What two of the three bits are: the standard's Maj.</summary>
    static abstract TVector Majority(TVector a, TVector b, TVector c);

    static abstract TVector RotateLeft1(TVector a);
    static abstract TVector RotateLeft5(TVector a);
    static abstract TVector RotateLeft30(TVector a);

    /// <summary>Bit i says whether the lower 31 bits of lane i, as a number, are in [lower, lower + width).</summary>
    static abstract uint InRange(TVector a, TVector lower, TVector width);
}
