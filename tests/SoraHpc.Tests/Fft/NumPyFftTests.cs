using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using NUnit.Framework;
using SoraHpc.Communication;
using SoraHpc.Communication.Threads;
using SoraHpc.Decomposition;
using SoraHpc.Solvers.Fft;
using SoraHpc.Tests.Storage;

namespace SoraHpc.Tests.Fft;

/// <summary>The same transforms by an independent program.</summary>
public sealed class NumPyFftTests
{
    private const string Program = """
        import sys, numpy
        for arguments in zip(sys.argv[1::3], sys.argv[2::3], sys.argv[3::3]):
            field, spectrum = (numpy.fromfile(name, dtype=complex) for name in arguments[:2])
            right = numpy.fft.fftn(field.reshape([int(n) for n in arguments[2].split('x')])).ravel()
            print(numpy.abs(spectrum - right).max() / numpy.abs(right).max())
        """;

    [Test]
    public void Spectra_are_those_of_NumPy_to_1e_13()
    {
        using TemporaryDirectory folder = new();
        List<string> arguments = [];
        Extent[] extents = [new(1, 1), new(1, 1000), new(1, 10_007), new(1, 65_536), new(31, 64), new(97, 101), new(5, 7, 9), new(16, 16, 16), new(13, 17, 19), new(3, 50, 11)];
        foreach (Extent extent in extents)
        {
            Complex[] field = DecimalDft.Field((int)extent.Cells, seed: 9), spectrum = new Complex[field.Length];
            ThreadWorld.Run(1, comm => Transform(comm, extent, field, spectrum));
            string name = $"{extent.Planes}x{extent.Rows}x{extent.Columns}";
            foreach ((string kind, Complex[] numbers) in (ReadOnlySpan<(string, Complex[])>)[("field", field), ("spectrum", spectrum)])
            {
                arguments.Add(folder.File(name + kind));
                File.WriteAllBytes(arguments[^1], MemoryMarshal.AsBytes(numbers.AsSpan()).ToArray());
            }
            arguments.Add(name);
        }

        double[] errors = [.. Independent.Python(Program, [.. arguments]).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => double.Parse(line, CultureInfo.InvariantCulture))];

        Assert.That(errors, Has.Length.EqualTo(extents.Length).And.All.LessThan(1e-13));
    }

    [Test]
    public void Half_spectra_and_their_inverses_are_those_of_NumPy_to_1e_13()
    {
        const string Both = """
            import sys, numpy
            for arguments in zip(sys.argv[1::4], sys.argv[2::4], sys.argv[3::4], sys.argv[4::4]):
                shape = [int(n) for n in arguments[3].split('x')]
                field, spectrum, back = (numpy.fromfile(name, dtype=kind) for name, kind in zip(arguments, (float, complex, float)))
                right = numpy.fft.rfftn(field.reshape(shape))
                given = (right * (1 + 1j)).ravel()
                there = numpy.fft.irfftn(given.reshape(right.shape), shape).ravel()
                print(max(numpy.abs(spectrum - right.ravel()).max() / numpy.abs(right).max(), numpy.abs(back - there).max() / numpy.abs(there).max()))
            """;
        using TemporaryDirectory folder = new();
        List<string> arguments = [];
        Extent[] extents = [new(1, 2), new(1, 1000), new(1, 1001), new(1, 2 * 4999), new(31, 64), new(97, 101), new(5, 7, 9), new(16, 16, 16), new(13, 17, 19), new(3, 50, 22)];
        foreach (Extent extent in extents)
        {
            double[] field = [.. DecimalDft.Field((int)extent.Cells, seed: 9).Select(number => number.Real)], back = new double[field.Length];
            Complex[] spectrum = new Complex[field.Length / extent.Columns * (extent.Columns / 2 + 1)];
            ThreadWorld.Run(1, comm =>
            {
                using DistributedRealFft fft = new(comm, extent);
                fft.Forward(field, spectrum);
                // Times 1 + i, so that it is no real field's: what has no place in one is left out as NumPy leaves it out.
                fft.Inverse([.. spectrum.Select(number => number * new Complex(1, 1))], back);
            });
            string name = $"{extent.Planes}x{extent.Rows}x{extent.Columns}";
            foreach ((string kind, byte[] numbers) in (ReadOnlySpan<(string, byte[])>)[("field", Bytes(field)), ("spectrum", Bytes(spectrum)), ("back", Bytes(back))])
            {
                arguments.Add(folder.File(name + kind));
                File.WriteAllBytes(arguments[^1], numbers);
            }
            arguments.Add(name);
        }

        double[] errors = [.. Independent.Python(Both, [.. arguments]).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => double.Parse(line, CultureInfo.InvariantCulture))];

        Assert.That(errors, Has.Length.EqualTo(extents.Length).And.All.LessThan(1e-13));
    }

    private static byte[] Bytes<T>(T[] numbers) where T : unmanaged => MemoryMarshal.AsBytes(numbers.AsSpan()).ToArray();

    private static void Transform(Communicator comm, Extent extent, Complex[] field, Complex[] spectrum)
    {
        if (extent is { Planes: 1, Rows: 1 })
        {
            using DistributedLineFft line = new(comm, extent.Columns);
            line.Forward(field, spectrum);
            return;
        }
        using DistributedFft fft = new(comm, extent);
        fft.Forward(field, spectrum);
    }
}
