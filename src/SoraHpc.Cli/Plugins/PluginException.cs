using SoraHpc.Diagnostics;

namespace SoraHpc.Cli.Plugins;

/// <summary>A plug-in cannot be used as asked. Wrong usage, and yet it may be so on some ranks only: the file is each node's own.</summary>
internal sealed class PluginException(string message) : SoraException(message)
{
    /// <inheritdoc/>
    public override int ExitCode => 2;
}
