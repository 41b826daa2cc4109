using System.Numerics;
using System.Text.Json;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.Learning.Blocks;
using SoraHpc.LinearAlgebra;
using SoraHpc.Storage;

namespace SoraHpc.Learning.Models;

/// <summary>
/// Trained models in HDF5: attribute <c>sora_model</c> (the version of this format), <c>input</c> (shape of a sample), <c>blocks</c> (JSON), and in group
/// <c>parameters</c> a dataset for each, in its shape, of the type it was trained in; slashes of paths are dots there.
/// </summary>
public static class ModelFile
{
    /// <summary>Of the format; a file of another one is refused.</summary>
    public const int Version = 1;

    private const string VersionName = "sora_model", Group = "parameters";

    /// <summary>Writes a network; an older file stays until it is complete. Local: one rank calls it.</summary>
    /// <exception cref="SoraException">It cannot be written.</exception>
    public static void Write<T>(string path, Network<T> network) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using Hdf5File file = Hdf5File.Create(path);
        file.Attributes.Write(VersionName, Version);
        file.Attributes.Write<int>("input", [.. network.Model.Input.Lengths]);
        file.Attributes.WriteString("blocks", JsonSerializer.Serialize<Block>(network.Model.Blocks));
        foreach (Parameter<T> parameter in network.Parameters)
        {
            using Hdf5Dataset dataset = file.CreateDataset<T>(NameOf(parameter), [.. parameter.Tensor.Shape.Lengths.Select(length => (long)length)]);
            dataset.Write<T>(dataset.Whole, parameter.Values);
        }
        file.Commit();
    }

    /// <summary>Reads a network. Collective over <paramref name="ranks"/>, all of which get it.</summary>
    /// <param name="ranks">Null: this one alone.</param>
    /// <exception cref="SoraException">It is no model of this version, or a parameter is missing or has another shape; the line says which.</exception>
    public static Network<T> Read<T>(string path, MatrixProducts<T> products, int capacity = 16, Communicator? ranks = null) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using Hdf5File file = Hdf5File.Open(path, ranks);
        Network<T> network = new(ModelOf(file, path), products, capacity);
        foreach (Parameter<T> parameter in network.Parameters)
        {
            if (!file.ContainsDataset(NameOf(parameter)))
                throw new SoraException($"{path}: dataset {NameOf(parameter)} is missing, so this is no whole model");
            using Hdf5Dataset dataset = file.Dataset(NameOf(parameter));
            if (!dataset.Shape.SequenceEqual(parameter.Tensor.Shape.Lengths.Select(length => (long)length)))
                throw new SoraException($"{path}: dataset {NameOf(parameter)} is {string.Join(" × ", dataset.Shape)}, and its block needs {parameter.Tensor.Shape}");
            dataset.Read(dataset.Whole, parameter.Values);
        }
        return network;
    }

    private static Model ModelOf(Hdf5File file, string path)
    {
        if (!file.Attributes.TryRead(VersionName, out int version))
            throw new SoraException($"{path}: this is no model (it has no attribute {VersionName})");
        if (version != Version)
            throw new SoraException($"{path}: a model of version {version}, and this program reads version {Version}: train it again, or take the program that wrote it");
        try
        {
            Block blocks = JsonSerializer.Deserialize<Block>(file.Attributes.ReadString("blocks"))!;
            return new(new Shape(file.Attributes.ReadArray<int>("input")), [.. ((Series)blocks).Blocks]);
        }
        catch (Exception reason) when (reason is JsonException or InvalidCastException or NotSupportedException or ArgumentException)
        {
            throw new SoraException($"{path}: its blocks cannot be read: {reason.Message.ReplaceLineEndings(" ")}", reason);
        }
    }

    private static string NameOf<T>(Parameter<T> parameter) where T : unmanaged, IBinaryFloatingPointIeee754<T> => $"{Group}/{parameter.Path.Replace('/', '.')}";
}
