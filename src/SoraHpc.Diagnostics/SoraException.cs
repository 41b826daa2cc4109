namespace SoraHpc.Diagnostics;

/// <summary>A failure described for the person who reads it: what went wrong, where, and what to do, in one line.</summary>
/// <remarks>Exceptions of the library's own namespaces are shown by their message alone; any other type is a defect and is
/// shown with its stack.</remarks>
public class SoraException(string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>The exit code of a program that ends with this failure: 1, or 2 for wrong usage.</summary>
    public virtual int ExitCode => 1;
}

/// <summary>The user asked for something that cannot be: an unknown name, an option out of range. Exit code 2.</summary>
public sealed class UsageException(string message) : SoraException(message)
{
    /// <inheritdoc/>
    public override int ExitCode => 2;
}
