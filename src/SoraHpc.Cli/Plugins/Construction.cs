using System.Reflection;
using SoraHpc.Cli.CommandLine;
using SoraHpc.Diagnostics;

namespace SoraHpc.Cli.Plugins;

/// <summary>A strategy's type with the arguments written for it: <c>WeatherSync:interval=20,limit=1.2</c>. Makes an instance whenever asked.</summary>
internal sealed class Construction
{
    private readonly string spelled;
    private readonly ConstructorInfo constructor;
    private readonly object?[] arguments;

    private Construction(string spelled, ConstructorInfo constructor, object?[] arguments) =>
        (this.spelled, this.constructor, this.arguments) = (spelled, constructor, arguments);

    /// <summary>What is made.</summary>
    internal Type Type => constructor.DeclaringType!;

    /// <param name="spelled">Option and type as the user wrote them, for messages.</param>
    /// <param name="written">name=value with commas between; empty for none.</param>
    /// <param name="supplied">Parameters the program gives values to when it makes an instance.</param>
    /// <exception cref="PluginException">No public constructor, or none that takes these arguments.</exception>
    internal static Construction Of(Type type, string spelled, string written, string[] supplied)
    {
        Dictionary<string, string> given = Split(spelled, written);
        ConstructorInfo? nearest = type.GetConstructors()
            .OrderBy(candidate => Unknown(candidate, given, supplied).Count() + Missing(candidate, given, supplied).Count())
            .ThenBy(candidate => candidate.GetParameters().Length)
            .FirstOrDefault();
        if (nearest is null)
            throw new PluginException($"{spelled}: {type.FullName} has no public constructor");
        ParameterInfo[] parameters = nearest.GetParameters();
        if (Unknown(nearest, given, supplied).FirstOrDefault() is { } unknown)
        {
            string[] names = [.. parameters.Select(parameter => parameter.Name!).Except(supplied)];
            throw new PluginException($"{spelled} takes {(names.Length == 0 ? "no arguments" : string.Join(", ", names))}, not '{unknown}'{Suggestion.For(unknown, names)}");
        }
        if (Missing(nearest, given, supplied).FirstOrDefault() is { } missing)
            throw new PluginException($"{spelled} needs {missing.Name}, {ArgumentText.KindOf(missing.ParameterType)}: write {spelled}:{missing.Name}=…");
        return new(spelled, nearest, [.. parameters.Select(parameter =>
            given.TryGetValue(parameter.Name!, out string? text) ? ArgumentText.Parse(parameter, text, spelled)
            : parameter.HasDefaultValue ? parameter.DefaultValue : null)]);
    }

    /// <summary>A new instance.</summary>
    /// <param name="supplied">Values of the parameters the program gives, by name; those the constructor does not have are left out.</param>
    /// <exception cref="PluginException">The constructor refuses an argument, or fails.</exception>
    internal object Create(params (string Name, object Value)[] supplied)
    {
        object?[] all = [.. arguments];
        foreach (ParameterInfo parameter in constructor.GetParameters())
            if (Array.Find(supplied, one => one.Name == parameter.Name) is { Value: { } value })
                all[parameter.Position] = value;
        try
        {
            return constructor.Invoke(BindingFlags.DoNotWrapExceptions, null, all, null);
        }
        catch (Exception refusal) when (refusal is ArgumentException or SoraException)
        {
            throw new PluginException($"{spelled}: {refusal.Message.ReplaceLineEndings(" ")}");
        }
        catch (Exception failure)
        {
            throw new PluginException($"{spelled}: its constructor failed: {failure.GetType().Name}: {failure.Message.ReplaceLineEndings(" ")}");
        }
    }

    /// <summary>"WeatherSync(interval, limit)": the constructor with the most parameters.</summary>
    internal static string Signature(Type type, string[] supplied)
    {
        ParameterInfo[] longest = type.GetConstructors().Select(one => one.GetParameters()).MaxBy(parameters => parameters.Length) ?? [];
        return $"{type.Name}({string.Join(", ", longest.Select(parameter => parameter.Name).Except(supplied))})";
    }

    private static Dictionary<string, string> Split(string spelled, string written)
    {
        Dictionary<string, string> given = [];
        foreach (string argument in written.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (argument.Split('=', 2) is not [{ Length: > 0 } name, { Length: > 0 } value])
                throw new PluginException($"{spelled}: arguments are name=value with commas between; '{argument}' is none");
            if (!given.TryAdd(name, value))
                throw new PluginException($"{spelled}: {name} is given twice");
        }
        return given;
    }

    private static IEnumerable<string> Unknown(ConstructorInfo candidate, Dictionary<string, string> given, string[] supplied) =>
        given.Keys.Except(candidate.GetParameters().Select(parameter => parameter.Name!).Except(supplied));

    private static IEnumerable<ParameterInfo> Missing(ConstructorInfo candidate, Dictionary<string, string> given, string[] supplied) =>
        candidate.GetParameters().Where(parameter => !parameter.HasDefaultValue && !given.ContainsKey(parameter.Name!) && !supplied.Contains(parameter.Name));
}
