using System.Reflection;
using System.Runtime.Loader;
using SoraHpc.Cli.CommandLine;

namespace SoraHpc.Cli.Plugins;

/// <summary>A user's assembly, loaded, and the strategies in it. Nothing of it has run yet.</summary>
internal sealed class Plugin
{
    private readonly Type[] types;

    private Plugin(string file, Type[] types) => (File, this.types) = (file, types);

    /// <summary>The file as the user named it.</summary>
    internal string File { get; }

    /// <exception cref="PluginException">No such file, no assembly, built against other interfaces, or without something it needs.</exception>
    internal static Plugin Load(string file)
    {
        string path = Path.GetFullPath(file);
        if (!System.IO.File.Exists(path))
            throw new PluginException($"--plugin {file}: there is no such file; build its project and name the .dll");
        try
        {
            _ = AssemblyName.GetAssemblyName(path);
            Assembly assembly = new PluginContext(path).LoadFromAssemblyPath(path);
            CheckVersions(file, assembly);
            return new Plugin(file, assembly.GetExportedTypes());
        }
        catch (BadImageFormatException)
        {
            throw new PluginException($"--plugin {file}: not a .NET assembly; name the .dll that the build of its project leaves in bin");
        }
        catch (Exception failure) when (failure is TypeLoadException or ReflectionTypeLoadException)
        {
            string cause = failure is ReflectionTypeLoadException { LoaderExceptions: [{ } first, ..] } ? first.Message : failure.Message;
            throw new PluginException($"--plugin {file}: built against another version of SoraHpc than this, {Version(typeof(Plugin).Assembly.GetName())}: build it again ({cause})");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new PluginException($"--plugin {file}: cannot be loaded: {failure.Message}");
        }
    }

    /// <summary>The public type of this name that is a <paramref name="contract"/>.</summary>
    /// <param name="option">The option that asks for it.</param>
    /// <param name="name">Its name, with its namespace where two have the same.</param>
    /// <exception cref="PluginException">There is none, or there are several.</exception>
    internal Type Find(string option, string name, Type contract)
    {
        Type[] found = [.. types.Where(type => type.Name == name || type.FullName == name)];
        Type[] fitting = [.. found.Where(type => IsStrategy(type, contract))];
        return fitting switch
        {
            [Type only] => only,
            [Type first, Type second, ..] => throw new PluginException($"{option} {name}: {File} has {first.FullName} and {second.FullName}; write which"),
            _ when found is [Type other, ..] => throw new PluginException($"{option} {name}: {other.FullName} of {File} {WhyNot(other, contract)}"),
            _ => throw new PluginException($"{option} {name}: {File} has no such type{Suggestion.For(name, NamesOf(contract))} "
                + $"(it has for {option}: {(NamesOf(contract) is { Length: > 0 } names ? string.Join(", ", names) : $"none; one is public and implements {contract.Name}")})"),
        };
    }

    /// <summary>Names of its strategies of one kind, sorted.</summary>
    internal string[] NamesOf(Type contract) => [.. Of(contract).Select(type => type.Name)];

    /// <summary>Its strategies of one kind, sorted by name.</summary>
    internal IEnumerable<Type> Of(Type contract) => types.Where(type => IsStrategy(type, contract)).OrderBy(type => type.Name, StringComparer.Ordinal);

    private static bool IsStrategy(Type type, Type contract) =>
        contract.IsAssignableFrom(type) && type is { IsAbstract: false, ContainsGenericParameters: false } && (!MustBeStruct(contract) || type.IsValueType);

    private static string WhyNot(Type type, Type contract) =>
        !contract.IsAssignableFrom(type) ? $"does not implement {contract.Name}"
        : type.IsAbstract ? "is abstract"
        : type.ContainsGenericParameters ? "has type parameters"
        : "is a class, and must be a struct: the loop that asks it is compiled for it";

    private static bool MustBeStruct(Type contract) => contract == typeof(Runtime.Stealing.IVictimSelector);

    // A reference to a later version does not load at all, and one to an earlier may meet an interface that has changed since.
    private static void CheckVersions(string file, Assembly assembly)
    {
        foreach (AssemblyName wanted in assembly.GetReferencedAssemblies().Where(PluginContext.IsOurs))
        {
            AssemblyName here;
            try
            {
                here = AssemblyLoadContext.Default.LoadFromAssemblyName(new AssemblyName(wanted.Name!)).GetName();
            }
            catch (FileNotFoundException)
            {
                throw new PluginException($"--plugin {file}: it needs {wanted.Name}, which this program does not have: build it again");
            }
            if ((wanted.Version!.Major, wanted.Version.Minor) != (here.Version!.Major, here.Version.Minor))
                throw new PluginException($"--plugin {file}: built against {wanted.Name} {Version(wanted)}, this is {Version(here)}: build it again");
        }
    }

    private static string Version(AssemblyName assembly) => assembly.Version!.ToString(3);
}
