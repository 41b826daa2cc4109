using System.Globalization;
using SoraHpc.Diagnostics;

namespace SoraHpc.Cli.Slurm;

/// <summary>The tasks of an array job, and the word that stands for a task's number in the options of its run.</summary>
internal static class ArrayTasks
{
    /// <summary>What a task's number is written for.</summary>
    internal const string Placeholder = "{task}";

    /// <summary>The numbers in Slurm's spelling: 1-4, 0-12:3, 1,3,7, and behind a % how many at a time.</summary>
    /// <exception cref="UsageException">It is no such list.</exception>
    internal static IReadOnlyList<int> Parse(string text)
    {
        string[] limited = text.Split('%');
        if (limited.Length > 2 || limited.Length == 2 && Number(limited[1]) is not > 0)
            throw Wrong(text);
        List<int> numbers = [];
        foreach (string part in limited[0].Split(','))
        {
            string[] stepped = part.Split(':'), ends = stepped[0].Split('-');
            int? first = Number(ends[0]), last = Number(ends[^1]), step = stepped.Length == 1 ? 1 : Number(stepped[1]);
            if (stepped.Length > 2 || ends.Length > 2 || first is not { } begin || last is not { } end || end < begin || step is not > 0)
                throw Wrong(text);
            for (int number = begin; number <= end; number += step.Value)
                numbers.Add(number);
        }
        return numbers;
    }

    /// <summary>The words of one task.</summary>
    internal static string[] WordsOf(int task, IEnumerable<string> words) =>
        [.. words.Select(word => word.Replace(Placeholder, task.ToString(CultureInfo.InvariantCulture)))];

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number < 10_000_000 ? number : null;

    private static UsageException Wrong(string text) => new($"--array takes numbers of tasks such as 1-4, 0-12:3 or 1,3,7%2, not '{text}'");
}
