namespace SoraHpc.Learning.Compression;

/// <summary>Bits one after the other, the highest of a byte first.</summary>
internal sealed class BitWriter
{
    private readonly List<byte> bytes = [];
    private int free;                       // bits left in the last byte

    /// <summary>The lowest <paramref name="count"/> bits of a number, 0 to 32, the highest of them first.</summary>
    internal void Write(uint value, int count)
    {
        while (count > 0)
        {
            if (free == 0)
            {
                bytes.Add(0);
                free = 8;
            }
            int taken = Math.Min(free, count);
            uint part = value >> (count - taken) & ((1u << taken) - 1);
            bytes[^1] |= (byte)(part << (free - taken));
            free -= taken;
            count -= taken;
        }
    }

    /// <summary>A number as it is in memory.</summary>
    internal void Write(float value) => Write(BitConverter.SingleToUInt32Bits(value), 32);

    /// <summary>All of it; what is missing of the last byte is 0.</summary>
    internal byte[] ToArray() => [.. bytes];
}
