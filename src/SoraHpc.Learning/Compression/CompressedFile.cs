using System.Text.Json;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.Learning.Blocks;
using SoraHpc.Learning.Models;
using SoraHpc.Storage;

namespace SoraHpc.Learning.Compression;

/// <summary>Compressed models in HDF5: attribute <c>sora_compressed_model</c> (the version of this format), <c>input</c> (shape of a sample), <c>blocks</c>
/// (JSON), and all parameters in one dataset of bytes, <c>code</c>. Beside the code that is about four kilobytes.</summary>
public static class CompressedFile
{
    /// <summary>Of the format; a file of another one is refused.</summary>
    public const int Version = 1;

    private const string VersionName = "sora_compressed_model";

    /// <summary>Writes a model; an older file stays until it is complete. Local: one rank calls it.</summary>
    /// <exception cref="SoraException">It cannot be written.</exception>
    public static void Write(string path, CompressedModel model)
    {
        BitWriter writer = new();
        foreach (CodedTensor tensor in model.Tensors)
            tensor.Write(writer);
        byte[] code = writer.ToArray();
        using Hdf5File file = Hdf5File.Create(path);
        file.Attributes.Write(VersionName, Version);
        file.Attributes.Write<int>("input", [.. model.Model.Input.Lengths]);
        file.Attributes.WriteString("blocks", JsonSerializer.Serialize<Block>(model.Model.Blocks));
        using (Hdf5Dataset dataset = file.CreateDataset<byte>("code", [code.Length]))
            dataset.Write<byte>(dataset.Whole, code);
        file.Commit();
    }

    /// <summary>Reads a model. Collective over <paramref name="ranks"/>, all of which get it.</summary>
    /// <param name="ranks">Null: this one alone.</param>
    /// <exception cref="SoraException">It is no compressed model of this version, or damaged; the line says which.</exception>
    public static CompressedModel Read(string path, Communicator? ranks = null)
    {
        using Hdf5File file = Hdf5File.Open(path, ranks);
        if (!file.Attributes.TryRead(VersionName, out int version))
            throw new SoraException($"{path}: this is no compressed model (it has no attribute {VersionName})");
        if (version != Version)
            throw new SoraException($"{path}: a compressed model of version {version}, and this program reads version {Version}: compress it again, or take the program that wrote it");
        try
        {
            Block blocks = JsonSerializer.Deserialize<Block>(file.Attributes.ReadString("blocks"))!;
            Model model = new(new Shape(file.Attributes.ReadArray<int>("input")), [.. ((Series)blocks).Blocks]);
            using Hdf5Dataset dataset = file.Dataset("code");
            BitReader reader = new(dataset.Read<byte>());
            CodedTensor[] tensors = [.. model.Parameters.Select(tensor => CodedTensor.Read(reader, tensor.Shape.Elements, tensor.Shape[^1]))];
            return reader.IsAtEnd ? new(model, tensors) : throw new SoraException("its code goes on after the last parameter: the file is damaged");
        }
        catch (Exception reason) when (reason is JsonException or InvalidCastException or NotSupportedException or ArgumentException || reason.GetType() == typeof(SoraException))
        {
            throw new SoraException($"{path}: {reason.Message.ReplaceLineEndings(" ")}", reason);
        }
    }
}
