using SoraHpc.Diagnostics;

namespace SoraHpc.Learning.Compression;

/// <summary>A parameter's numbers in few bits: every number is a column's scale times one of at most 256 centres, and what is stored of it is the centre's
/// number, in a Huffman code. Values that are the same stay the same when they are learnt on.</summary>
public sealed class CodedTensor
{
    /// <summary>Most centres.</summary>
    public const int MostCentres = 256;

    private const int CentreCountBits = 9;

    private long bits;                      // 0: not counted yet

    /// <param name="centres">At most <see cref="MostCentres"/>; none: <paramref name="plain"/> holds the numbers.</param>
    /// <param name="scales">One for all, or one a column.</param>
    /// <param name="codes">Every number's centre, rows one after the other.</param>
    /// <param name="plain">The numbers as they are, where there are too few to gain anything.</param>
    internal CodedTensor(float[] centres, float[] scales, byte[] codes, float[] plain) => (Centres, Scales, Codes, Plain) = (centres, scales, codes, plain);

    /// <summary>Values that numbers may have, before their scale.</summary>
    public float[] Centres { get; }

    /// <summary>One for all, or one a column.</summary>
    public float[] Scales { get; }

    /// <summary>Every number's centre; empty where numbers are stored as they are.</summary>
    public byte[] Codes { get; }

    /// <summary>The numbers themselves, or none.</summary>
    public float[] Plain { get; }

    /// <summary>Numbers.</summary>
    public int Count => Codes.Length + Plain.Length;

    /// <summary>Bits that <see cref="Write"/> takes.</summary>
    public long Bits => bits > 0 ? bits : bits = CountBits();

    // Whole numbers around 0, which need not be written.
    internal bool IsGrid => Centres.Length == Quantisation.Levels && Centres.AsSpan().SequenceEqual(Quantisation.Grid());

    /// <summary>As they are.</summary>
    public static CodedTensor AsIs(ReadOnlySpan<float> values) => new([], [], [], values.ToArray());

    /// <summary>The numbers. Local.</summary>
    /// <param name="values">As many as <see cref="Count"/>.</param>
    public void Expand(Span<float> values)
    {
        Plain.CopyTo(values);
        for (int i = 0; i < Codes.Length; i++)
            values[i] = Scales[i % Scales.Length] * Centres[Codes[i]];
    }

    internal void Write(BitWriter writer)
    {
        writer.Write((uint)Centres.Length, CentreCountBits);
        foreach (float value in Plain)
            writer.Write(value);
        if (Codes.Length == 0)
            return;
        writer.Write(IsGrid ? 1u : 0, 1);
        foreach (float value in IsGrid ? Scales : [.. Centres, .. Scales])
            writer.Write(value);
        HuffmanCode code = HuffmanCode.Of(Counts());
        foreach (int length in code.Lengths)
            writer.Write((uint)length, 4);
        foreach (byte symbol in Codes)
            code.Write(writer, symbol);
    }

    /// <exception cref="SoraException">Nothing that was written so.</exception>
    internal static CodedTensor Read(BitReader reader, int count, int columns)
    {
        int centres = (int)reader.Read(CentreCountBits);
        if (centres == 0)
            return new([], [], [], Singles(reader, count));
        if (centres > MostCentres)
            throw new SoraException($"a code of {centres} centres, and {MostCentres} are the most: the file is damaged");
        bool isGrid = reader.Read(1) == 1;
        if (isGrid && centres != Quantisation.Levels)
            throw new SoraException($"a grid of {centres} levels, and there are {Quantisation.Levels}: the file is damaged");
        float[] values = isGrid ? Quantisation.Grid() : Singles(reader, centres), scales = Singles(reader, isGrid ? columns : 1);
        HuffmanCode code = new([.. Enumerable.Range(0, centres).Select(_ => (int)reader.Read(4))]);
        byte[] codes = new byte[count];
        for (int i = 0; i < count; i++)
            codes[i] = (byte)code.Read(reader);
        return new(values, scales, codes, []);
    }

    private static float[] Singles(BitReader reader, int count)
    {
        float[] values = new float[count];
        for (int i = 0; i < count; i++)
            values[i] = reader.ReadSingle();
        return values;
    }

    private long CountBits()
    {
        if (Codes.Length == 0)
            return CentreCountBits + 32L * Plain.Length;
        int[] counts = Counts();
        return CentreCountBits + 1 + (IsGrid ? 0 : 32L * Centres.Length) + 32L * Scales.Length + 4L * Centres.Length + HuffmanCode.Of(counts).BitsOf(counts);
    }

    private int[] Counts()
    {
        int[] counts = new int[Centres.Length];
        foreach (byte code in Codes)
            counts[code]++;
        return counts;
    }
}
