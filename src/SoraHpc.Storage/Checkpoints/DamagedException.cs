using SoraHpc.Diagnostics;

namespace SoraHpc.Storage.Checkpoints;

/// <summary>A file is not as it was written, so that the generation before it is looked at. Any other failure to read ends the search.</summary>
internal sealed class DamagedException(string message) : SoraException(message);
