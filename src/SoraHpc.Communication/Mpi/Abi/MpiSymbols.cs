using System.Runtime.InteropServices;

namespace SoraHpc.Communication.Mpi.Abi;

/// <summary>The exported names of one loaded library.</summary>
/// <param name="replacements">Functions that are called instead of the library's, by name.</param>
internal sealed unsafe class MpiSymbols(nint library, string path, IReadOnlyDictionary<string, nint>? replacements = null)
{
    /// <summary>The same library, with some of its functions replaced.</summary>
    internal MpiSymbols With(IReadOnlyDictionary<string, nint> others) => new(library, path, others);

    /// <summary>Address of a name every MPI has.</summary>
    internal void* Required(string name) => replacements is not null && replacements.TryGetValue(name, out nint replacement) ? (void*)replacement
        : NativeLibrary.TryGetExport(library, name, out nint address) ? (void*)address
        : throw new CommunicationException($"{path} exports no {name}: it is not a complete MPI library", "World.Run", -1, ErrorClass.Unsupported);

    /// <summary>Address of a name of a newer standard or an extension; null where the library does not have it.</summary>
    internal void* Optional(string name) => NativeLibrary.TryGetExport(library, name, out nint address) ? (void*)address : null;
}
