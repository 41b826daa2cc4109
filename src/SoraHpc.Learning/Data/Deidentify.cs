using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;

namespace SoraHpc.Learning.Data;

/// <summary>Numbers that say who somebody is become numbers that only the holder of the key can make again: the first 53 bits of HMAC-SHA256 over column and
/// number. Equal numbers of a column stay equal, those of two columns do not. Missing ones stay missing.</summary>
/// <remarks>Source: RFC 2104; FIPS 180-4. 53 bits are what a double holds; of a million people two get one number with probability 6·10⁻⁵.</remarks>
public sealed record Deidentify : Step
{
    private const int LeastKeyBytes = 16, KeptBits = 53;

    private readonly byte[] key;

    /// <param name="key">Secret, 16 B or more.</param>
    /// <param name="columns">Which; at least one.</param>
    /// <exception cref="UsageException">The key is too short, or there are no columns.</exception>
    public Deidentify(ReadOnlySpan<byte> key, params IReadOnlyList<string> columns) : base(columns)
    {
        if (key.Length < LeastKeyBytes || columns.Count == 0)
            throw new UsageException($"hiding {columns.Count} columns by a key of {key.Length} B: give the names of columns, and a key of {LeastKeyBytes} B or more");
        this.key = key.ToArray();
    }

    /// <inheritdoc/>
    public override FittedStep Fit(Communicator ranks, IEnumerable<DataParticle> training)
    {
        IReadOnlyList<string> table = training.First().Columns;
        return new Fitted(table, PlacesIn(table), key);
    }

    internal static double Hide(byte[] key, string column, double value)
    {
        int length = Encoding.UTF8.GetByteCount(column);
        byte[] message = new byte[length + 1 + sizeof(double)];        // a 0 byte ends the name
        Encoding.UTF8.GetBytes(column, message);
        BinaryPrimitives.WriteDoubleLittleEndian(message.AsSpan(length + 1), value == 0 ? 0 : value);
        return BinaryPrimitives.ReadUInt64BigEndian(HMACSHA256.HashData(key, message)) >> 64 - KeptBits;
    }

    private sealed class Fitted(IReadOnlyList<string> table, int[] places, byte[] key) : PerNumberStep(table, places)
    {
        // The key shows only through what it does.
        private readonly double[] numbers = [.. places.SelectMany(place => (double[])[place, Hide(key, table[place], 1), Hide(key, table[place], 2)])];

        protected override ReadOnlySpan<double> Numbers => numbers;

        private protected override double Change(DataParticle particle, int row, int column, double value) => double.IsNaN(value) ? value : Hide(key, particle.Columns[column], value);
    }
}
