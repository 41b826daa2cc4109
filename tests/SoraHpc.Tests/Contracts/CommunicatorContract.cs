using NUnit.Framework;
using SoraHpc.Communication;

namespace SoraHpc.Tests.Contracts;

/// <summary>
/// What every transport must do, in one suite: <see cref="Communicator"/> over threads and over MPI run these same tests. The files
/// are by theme. A body runs on every rank at once; an assertion that fails on any rank fails the test.
/// </summary>
public abstract partial class CommunicatorContract
{
    /// <summary>Runs <paramref name="body"/> on <paramref name="size"/> ranks; ignores the test where the world has fewer.</summary>
    protected abstract void OnEveryRank(int size, Action<Communicator> body);

    /// <summary>World sizes: alone, a pair, and sizes that are no power of two, which find tree bugs.</summary>
    protected sealed class SizesAttribute() : ValuesAttribute(1, 2, 3, 5, 8);

    /// <summary>Sizes of at least a pair.</summary>
    protected sealed class PairsAttribute() : ValuesAttribute(2, 3, 5);

    /// <summary>A struct with holes: 1 + 7 hole + 8 + 2 + 6 hole bytes.</summary>
    protected record struct Padded(byte Kind, double Value, short Number)
    {
        internal static Padded From(int seed) => new((byte)seed, seed * 0.5, (short)-seed);
    }

    protected static CommunicationException Refused(Action call, ErrorClass errorClass)
    {
        CommunicationException failure = Assert.Throws<CommunicationException>(() => call())!;
        Assert.That(failure.ErrorClass, Is.EqualTo(errorClass), failure.Message);
        return failure;
    }

    protected static T[] Fill<T>(int length, Func<int, T> element) => [.. Enumerable.Range(0, length).Select(element)];
}
