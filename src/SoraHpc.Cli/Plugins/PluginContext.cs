using System.Reflection;
using System.Runtime.Loader;

namespace SoraHpc.Cli.Plugins;

/// <summary>
/// Where a user's assembly lives. SoraHpc's own assemblies are this program's, so that a type that implements one of our interfaces
/// implements the one this program calls; everything else it needs comes from beside it, in the version it was built with.
/// </summary>
internal sealed class PluginContext(string path) : AssemblyLoadContext(Path.GetFileNameWithoutExtension(path))
{
    private readonly AssemblyDependencyResolver beside = new(path);

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName name) =>
        !IsOurs(name) && beside.ResolveAssemblyToPath(name) is { } file ? LoadFromAssemblyPath(file) : null;

    /// <inheritdoc/>
    protected override nint LoadUnmanagedDll(string name) => beside.ResolveUnmanagedDllToPath(name) is { } file ? LoadUnmanagedDllFromPath(file) : 0;

    internal static bool IsOurs(AssemblyName name) => name.Name!.StartsWith("SoraHpc.", StringComparison.Ordinal);
}
