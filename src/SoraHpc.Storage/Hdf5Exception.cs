using SoraHpc.Diagnostics;

namespace SoraHpc.Storage;

/// <summary>A file could not be read or written as asked. The one line names the file, the object in it, the cause and the call.</summary>
public sealed class Hdf5Exception(string message, Exception? cause = null) : SoraException(message, cause)
{
    /// <param name="file">The file, as the user named it.</param>
    /// <param name="item">"dataset z", "attribute z/units"; null for the file itself.</param>
    internal Hdf5Exception(string file, string? item, string cause) : this(item is null ? $"{file}: {cause}" : $"{file}, {item}: {cause}") { }
}
