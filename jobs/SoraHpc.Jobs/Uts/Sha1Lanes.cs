using System.Runtime.CompilerServices;

namespace SoraHpc.Jobs.Uts;

/// <summary>SHA-1 of 24-byte messages, two a lane: the tree's children are hashed side by side. Same result as <see cref="Sha1"/>.</summary>
/// <remarks>Source: NIST FIPS 180-4, section 6.1.</remarks>
internal static unsafe class Sha1Lanes<TVector, TLanes>
    where TVector : unmanaged
    where TLanes : struct, ILanes<TVector>
{
    private const int MessageWords = 6;

    /// <summary>Vectors of scratch that <see cref="Hash"/> needs.</summary>
    internal const int ScheduleVectors = 160;

    /// <summary>Standard's function of the round, which changes every twenty rounds.</summary>
    private interface IMix
    {
        static abstract TVector Of(TVector b, TVector c, TVector d);
    }

    private readonly struct Choose : IMix
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of(TVector b, TVector c, TVector d) => TLanes.Choose(b, c, d);
    }

    private readonly struct Parity : IMix
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of(TVector b, TVector c, TVector d) => TLanes.Parity(b, c, d);
    }

    private readonly struct Majority : IMix
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of(TVector b, TVector c, TVector d) => TLanes.Majority(b, c, d);
    }

    // Five words of two vectors.
    private struct State
    {
        internal TVector A, B, C, D, E, A2, B2, C2, D2, E2;
    }

    /// <summary>Messages hashed by one call: two vectors.</summary>
    internal static int Count => 2 * TLanes.Count;

    /// <summary>Writes what follows the message in every block, its end mark and length, into the scratch, where it stays.</summary>
    internal static void Prepare(uint* schedule)
    {
        for (int vector = 0; vector < 2; vector++, schedule += 80 * TLanes.Count)
        {
            TLanes.Store(TLanes.Broadcast(0x80000000), schedule + MessageWords * TLanes.Count);
            for (int word = MessageWords + 1; word < 15; word++)
                TLanes.Store(TLanes.Broadcast(0), schedule + word * TLanes.Count);
            TLanes.Store(TLanes.Broadcast(MessageWords * 32), schedule + 15 * TLanes.Count);
        }
    }

    /// <summary>Hashes two messages a lane.</summary>
    /// <param name="messages">Word j of message i at [j·messageStride + i]; six words.</param>
    /// <param name="digests">Word j of digest i at [j·digestStride + i]; five words.</param>
    /// <param name="schedule">Scratch of <see cref="ScheduleVectors"/> vectors, once prepared.</param>
    // Each round of a vector waits for the one before, and takes longer than its instructions need: rounds of two vectors fit into
    // the time of one. The schedule keeps sixteen vectors in registers and two states ten: apart, both fit the 32 of AVX-512.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Hash(uint* messages, uint* digests, nint messageStride, nint digestStride, uint* schedule)
    {
        int lanes = TLanes.Count;
        Expand(messages, messageStride, schedule);
        Expand(messages + lanes, messageStride, schedule + 80 * lanes);
        State state;
        TVector a = TLanes.Broadcast(0x67452301), b = TLanes.Broadcast(0xefcdab89), c = TLanes.Broadcast(0x98badcfe),
            d = TLanes.Broadcast(0x10325476), e = TLanes.Broadcast(0xc3d2e1f0);
        state.A = state.A2 = a;
        state.B = state.B2 = b;
        state.C = state.C2 = c;
        state.D = state.D2 = d;
        state.E = state.E2 = e;
        Twenty<Choose>(ref state, schedule, 0x5a827999);
        Twenty<Parity>(ref state, schedule + 20 * lanes, 0x6ed9eba1);
        Twenty<Majority>(ref state, schedule + 40 * lanes, 0x8f1bbcdc);
        Twenty<Parity>(ref state, schedule + 60 * lanes, 0xca62c1d6);
        Store(TLanes.Add(state.A, a), TLanes.Add(state.A2, a), digests);
        Store(TLanes.Add(state.B, b), TLanes.Add(state.B2, b), digests + digestStride);
        Store(TLanes.Add(state.C, c), TLanes.Add(state.C2, c), digests + 2 * digestStride);
        Store(TLanes.Add(state.D, d), TLanes.Add(state.D2, d), digests + 3 * digestStride);
        Store(TLanes.Add(state.E, e), TLanes.Add(state.E2, e), digests + 4 * digestStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(TVector first, TVector second, uint* to)
    {
        TLanes.Store(first, to);
        TLanes.Store(second, to + TLanes.Count);
    }

    // The message schedule: words 16 to 79 from the sixteen before.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Expand(uint* messages, nint stride, uint* w)
    {
        TVector w0 = TLanes.Load(messages), w1 = TLanes.Load(messages + stride), w2 = TLanes.Load(messages + 2 * stride),
            w3 = TLanes.Load(messages + 3 * stride), w4 = TLanes.Load(messages + 4 * stride), w5 = TLanes.Load(messages + 5 * stride),
            w6 = TLanes.Broadcast(0x80000000), w7 = TLanes.Broadcast(0), w8 = w7, w9 = w7, w10 = w7, w11 = w7, w12 = w7, w13 = w7,
            w14 = w7, w15 = TLanes.Broadcast(MessageWords * 32);
        int lanes = TLanes.Count;
        TLanes.Store(w0, w + 0 * lanes);
        TLanes.Store(w1, w + 1 * lanes);
        TLanes.Store(w2, w + 2 * lanes);
        TLanes.Store(w3, w + 3 * lanes);
        TLanes.Store(w4, w + 4 * lanes);
        TLanes.Store(w5, w + 5 * lanes);
        for (int block = 0; block < 4; block++)
        {
            w += 16 * lanes;
            TLanes.Store(w0 = Word(w0, w2, w8, w13), w + 0 * lanes);
            TLanes.Store(w1 = Word(w1, w3, w9, w14), w + 1 * lanes);
            TLanes.Store(w2 = Word(w2, w4, w10, w15), w + 2 * lanes);
            TLanes.Store(w3 = Word(w3, w5, w11, w0), w + 3 * lanes);
            TLanes.Store(w4 = Word(w4, w6, w12, w1), w + 4 * lanes);
            TLanes.Store(w5 = Word(w5, w7, w13, w2), w + 5 * lanes);
            TLanes.Store(w6 = Word(w6, w8, w14, w3), w + 6 * lanes);
            TLanes.Store(w7 = Word(w7, w9, w15, w4), w + 7 * lanes);
            TLanes.Store(w8 = Word(w8, w10, w0, w5), w + 8 * lanes);
            TLanes.Store(w9 = Word(w9, w11, w1, w6), w + 9 * lanes);
            TLanes.Store(w10 = Word(w10, w12, w2, w7), w + 10 * lanes);
            TLanes.Store(w11 = Word(w11, w13, w3, w8), w + 11 * lanes);
            TLanes.Store(w12 = Word(w12, w14, w4, w9), w + 12 * lanes);
            TLanes.Store(w13 = Word(w13, w15, w5, w10), w + 13 * lanes);
            TLanes.Store(w14 = Word(w14, w0, w6, w11), w + 14 * lanes);
            TLanes.Store(w15 = Word(w15, w1, w7, w12), w + 15 * lanes);
        }
    }

    // The newest word, three before, comes in last.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Word(TVector minus16, TVector minus14, TVector minus8, TVector minus3) =>
        TLanes.RotateLeft1(TLanes.Xor(TLanes.Parity(minus16, minus14, minus8), minus3));

    // Five rounds bring the five names back to where they were.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Twenty<TMix>(ref State state, uint* w, uint constant) where TMix : struct, IMix
    {
        TVector a = state.A, b = state.B, c = state.C, d = state.D, e = state.E, k = TLanes.Broadcast(constant),
            a2 = state.A2, b2 = state.B2, c2 = state.C2, d2 = state.D2, e2 = state.E2;
        int lanes = TLanes.Count, second = 80 * lanes;
        for (int t = 0; t < 20; t += 5, w += 5 * lanes)
        {
            e = Round(e, a, TMix.Of(b, c, d), TLanes.Add(k, TLanes.Load(w + 0 * lanes)));
            b = TLanes.RotateLeft30(b);
            e2 = Round(e2, a2, TMix.Of(b2, c2, d2), TLanes.Add(k, TLanes.Load(w + second + 0 * lanes)));
            b2 = TLanes.RotateLeft30(b2);
            d = Round(d, e, TMix.Of(a, b, c), TLanes.Add(k, TLanes.Load(w + 1 * lanes)));
            a = TLanes.RotateLeft30(a);
            d2 = Round(d2, e2, TMix.Of(a2, b2, c2), TLanes.Add(k, TLanes.Load(w + second + 1 * lanes)));
            a2 = TLanes.RotateLeft30(a2);
            c = Round(c, d, TMix.Of(e, a, b), TLanes.Add(k, TLanes.Load(w + 2 * lanes)));
            e = TLanes.RotateLeft30(e);
            c2 = Round(c2, d2, TMix.Of(e2, a2, b2), TLanes.Add(k, TLanes.Load(w + second + 2 * lanes)));
            e2 = TLanes.RotateLeft30(e2);
            b = Round(b, c, TMix.Of(d, e, a), TLanes.Add(k, TLanes.Load(w + 3 * lanes)));
            d = TLanes.RotateLeft30(d);
            b2 = Round(b2, c2, TMix.Of(d2, e2, a2), TLanes.Add(k, TLanes.Load(w + second + 3 * lanes)));
            d2 = TLanes.RotateLeft30(d2);
            a = Round(a, b, TMix.Of(c, d, e), TLanes.Add(k, TLanes.Load(w + 4 * lanes)));
            c = TLanes.RotateLeft30(c);
            a2 = Round(a2, b2, TMix.Of(c2, d2, e2), TLanes.Add(k, TLanes.Load(w + second + 4 * lanes)));
            c2 = TLanes.RotateLeft30(c2);
        }
        state.A = a;
        state.B = b;
        state.C = c;
        state.D = d;
        state.E = e;
        state.A2 = a2;
        state.B2 = b2;
        state.C2 = c2;
        state.D2 = d2;
        state.E2 = e2;
    }

    // What the next round waits for, a, comes in last.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Round(TVector e, TVector a, TVector mixed, TVector word) =>
        TLanes.Add(TLanes.Add(TLanes.Add(e, word), mixed), TLanes.RotateLeft5(a));
}
