using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.Storage;

namespace SoraHpc.Jobs.NBody;

/// <summary>
/// Bodies in an HDF5 file: <c>position</c> and <c>velocity</c> (bodies, 3), <c>mass</c> (bodies), in units in which G = 1. What is read is checked;
/// the line says which dataset is wrong, and where. What a run writes can start another.
/// </summary>
public sealed class BodyFile : IDisposable
{
    private readonly string path;
    private readonly Hdf5File file;
    private readonly Hdf5Dataset position, velocity, mass;

    /// <param name="ranks">The ranks that read it; null: this one alone.</param>
    /// <exception cref="SoraException">A dataset is missing, or has not the shape of bodies.</exception>
    /// <remarks>Collective over <paramref name="ranks"/>.</remarks>
    public BodyFile(string path, Communicator? ranks = null)
    {
        this.path = path;
        file = Hdf5File.Open(path, ranks);
        try
        {
            (position, velocity, mass) = (file.Dataset("position"), file.Dataset("velocity"), file.Dataset("mass"));
            CheckShape(mass, mass.Rank == 1, "a mass for every body", "(bodies)");
            Bodies = mass.Elements;
            if (Bodies < 1)
                throw Wrong(mass, "there is no body");
            foreach (Hdf5Dataset vectors in (Hdf5Dataset[])[position, velocity])
                CheckShape(vectors, vectors.Shape is [var bodies, 3] && bodies == Bodies, $"three numbers for each of the {Bodies} bodies of mass", $"({Bodies}, 3)");
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>How many there are, ≥ 1.</summary>
    public long Bodies { get; }

    /// <summary>The time of the state; 0 where the file does not say.</summary>
    public double Time => file.Attributes.TryRead("time", out double time) ? time : 0;

    /// <summary>Reads the bodies from <paramref name="first"/> on. Local.</summary>
    /// <exception cref="SoraException">A number is not finite, or a mass not positive.</exception>
    public void Read(long first, Span<Body> bodies)
    {
        double[] x = Vectors(position, first, bodies.Length), v = Vectors(velocity, first, bodies.Length), m = new double[bodies.Length];
        mass.Read(new Hyperslab([first], [m.Length]), m.AsSpan());
        for (int i = 0; i < bodies.Length; i++)
        {
            if (!(m[i] > 0 && double.IsFinite(m[i])))
                throw Wrong(mass, FormattableString.Invariant($"{m[i]} at {first + i} is no mass: masses are > 0, and finite"));
            bodies[i] = new Body
            {
                X = x[3 * i], Y = x[3 * i + 1], Z = x[3 * i + 2], VX = v[3 * i], VY = v[3 * i + 1], VZ = v[3 * i + 2],
                Mass = m[i], Id = first + i, Cost = 1,
            };
        }
    }

    /// <summary>Starts a file of bodies, all attributes written; <see cref="WriteShare"/> fills it. Collective.</summary>
    /// <param name="time">Of the state.</param>
    public static Hdf5File Create(string path, long bodies, double time, Communicator? ranks = null)
    {
        Hdf5File file = Hdf5File.Create(path, ranks);
        DatasetLayout layout = new() { EveryElementIsWritten = true };
        using Hdf5Dataset position = file.CreateDataset<double>("position", [bodies, 3], layout), velocity = file.CreateDataset<double>("velocity", [bodies, 3], layout),
            mass = file.CreateDataset<double>("mass", [bodies], layout);
        file.Attributes.Write("time", time);
        file.Attributes.WriteString("units", "G = 1");
        return file;
    }

    /// <summary>Writes bodies with consecutive numbers, ascending, possibly none. Collective over the ranks of the file, which write all together.</summary>
    public static void WriteShare(Hdf5File file, ReadOnlySpan<Body> bodies)
    {
        long first = bodies.IsEmpty ? 0 : bodies[0].Id;
        double[] x = new double[3 * bodies.Length], v = new double[3 * bodies.Length], m = new double[bodies.Length];
        for (int i = 0; i < bodies.Length; i++)
        {
            ref readonly Body body = ref bodies[i];
            (x[3 * i], x[3 * i + 1], x[3 * i + 2]) = (body.X, body.Y, body.Z);
            (v[3 * i], v[3 * i + 1], v[3 * i + 2]) = (body.VX, body.VY, body.VZ);
            m[i] = body.Mass;
        }
        using Hdf5Dataset position = file.Dataset("position"), velocity = file.Dataset("velocity"), mass = file.Dataset("mass");
        position.Write<double>(new Hyperslab([first, 0], [bodies.Length, 3]), x);
        velocity.Write<double>(new Hyperslab([first, 0], [bodies.Length, 3]), v);
        mass.Write<double>(new Hyperslab([first], [bodies.Length]), m);
    }

    /// <summary>Collective over the ranks that opened it.</summary>
    public void Dispose() => file.Dispose();

    private double[] Vectors(Hdf5Dataset dataset, long first, int count)
    {
        double[] values = new double[3 * count];
        dataset.Read(new Hyperslab([first, 0], [count, 3]), values.AsSpan());
        int wrong = Array.FindIndex(values, value => !double.IsFinite(value));
        return wrong < 0 ? values : throw Wrong(dataset, FormattableString.Invariant($"{values[wrong]} at ({first + wrong / 3}, {wrong % 3}) is not finite"));
    }

    private void CheckShape(Hdf5Dataset dataset, bool isRight, string wanted, string shape)
    {
        if (!dataset.ElementType.IsNumber)
            throw Wrong(dataset, $"its elements are {dataset.ElementType}, not numbers");
        if (!isRight)
            throw Wrong(dataset, $"its shape is ({string.Join(", ", dataset.Shape)}); {wanted} have {shape}");
    }

    private SoraException Wrong(Hdf5Dataset dataset, string cause) => new($"{path}, dataset {dataset.Name}: {cause}");
}
