using System.Globalization;
using SoraHpc.Diagnostics;
using SoraHpc.Runtime.Elasticity;

namespace SoraHpc.Cli.Run;

/// <summary>An elasticity of ours as it is written on the command line.</summary>
internal static class ElasticText
{
    private const int DefaultEvery = 100;
    private const string Example = "write schedule:2@0,4@100, or expand:1..4, shrink:1..4 or follow:1..4 with ,every=50 or ,full=1e6 behind it, or fixed";

    /// <summary>What it begins with.</summary>
    internal static string[] Words => ["fixed", "schedule:", "expand:", "shrink:", "follow:"];

    /// <exception cref="UsageException">It is none, or its numbers do not go together.</exception>
    internal static IElasticity Parse(string text)
    {
        string[] parts = text.Split(':', 2);
        string arguments = parts.Length > 1 ? parts[1] : "";
        return parts[0] switch
        {
            "fixed" when parts.Length == 1 => new FixedSize(),
            "schedule" => new Schedule([.. arguments.Split(',').Select(entry => EntryOf(text, entry))]),
            "expand" => new Expand(SizingOf(text, arguments, out int every), every),
            "shrink" => new Shrink(SizingOf(text, arguments, out int every), every),
            "follow" => new FollowWork(SizingOf(text, arguments, out int every), every),
            _ => throw Wrong(text),
        };
    }

    private static (int, long) EntryOf(string text, string entry) =>
        entry.Split('@') is [var particles, var step] && int.TryParse(particles, NumberStyles.None, CultureInfo.InvariantCulture, out int many)
        && long.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out long from) ? (many, from) : throw Wrong(text);

    private static WorkSizing SizingOf(string text, string arguments, out int every)
    {
        every = DefaultEvery;
        double? full = null;
        string[] all = arguments.Split(',');
        foreach (string argument in all.Skip(1))
            if (argument.Split('=') is ["every", var steps] && int.TryParse(steps, NumberStyles.None, CultureInfo.InvariantCulture, out every) && every >= 1)
                continue;
            else if (argument.Split('=') is ["full", var work] && double.TryParse(work, NumberStyles.Float, CultureInfo.InvariantCulture, out double number))
                full = number;
            else
                throw Wrong(text);
        return all[0].Split("..") is [var least, var most] && int.TryParse(least, NumberStyles.None, CultureInfo.InvariantCulture, out int from)
            && int.TryParse(most, NumberStyles.None, CultureInfo.InvariantCulture, out int to) ? new(from, to, fullWork: full) : throw Wrong(text);
    }

    private static UsageException Wrong(string text) => new($"--elastic {text}: {Example}");
}
