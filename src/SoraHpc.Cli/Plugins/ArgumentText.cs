using System.Globalization;
using System.Reflection;
using SoraHpc.Cli.CommandLine;

namespace SoraHpc.Cli.Plugins;

/// <summary>Values of a constructor's parameters as they are written on a command line, the same in every country.</summary>
internal static class ArgumentText
{
    /// <exception cref="PluginException">The text is no such value, or no text can be.</exception>
    internal static object Parse(ParameterInfo parameter, string text, string spelled)
    {
        Type type = Underlying(parameter.ParameterType);
        if (!IsWritable(type))
            throw new PluginException($"{spelled}: {parameter.Name} is {KindOf(type)}, which cannot be written on a command line");
        return ValueOf(type, text) ?? throw new PluginException($"{spelled}: {parameter.Name} takes {KindOf(type)}, not '{text}'"
            + (type.IsEnum ? Suggestion.For(text, Enum.GetNames(type)) : ""));
    }

    /// <summary>"a whole number", "a number", "true or false", "one of Day, Night", "text", or the type's name.</summary>
    internal static string KindOf(Type type)
    {
        type = Underlying(type);
        return type == typeof(int) || type == typeof(long) ? "a whole number"
            : type == typeof(double) || type == typeof(float) ? "a number"
            : type == typeof(bool) ? "true or false"
            : type == typeof(string) ? "text"
            : type.IsEnum ? $"one of {string.Join(", ", Enum.GetNames(type))}"
            : $"a {type.Name}";
    }

    private static Type Underlying(Type type) => Nullable.GetUnderlyingType(type) ?? type;

    private static bool IsWritable(Type type) => type.IsEnum
        || type == typeof(int) || type == typeof(long) || type == typeof(double) || type == typeof(float) || type == typeof(bool) || type == typeof(string);

    private static object? ValueOf(Type type, string text)
    {
        CultureInfo everywhere = CultureInfo.InvariantCulture;
        if (type == typeof(string))
            return text;
        if (type == typeof(int))
            return int.TryParse(text, NumberStyles.AllowLeadingSign, everywhere, out int number) ? number : null;
        if (type == typeof(long))
            return long.TryParse(text, NumberStyles.AllowLeadingSign, everywhere, out long number) ? number : null;
        if (type == typeof(double))
            return double.TryParse(text, NumberStyles.Float, everywhere, out double number) && double.IsFinite(number) ? number : null;
        if (type == typeof(float))
            return float.TryParse(text, NumberStyles.Float, everywhere, out float number) && float.IsFinite(number) ? number : null;
        if (type == typeof(bool))
            return bool.TryParse(text, out bool truth) ? truth : null;
        return Array.Find(Enum.GetNames(type), name => name.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } known ? Enum.Parse(type, known) : null;
    }
}
