namespace SoraHpc.Diagnostics;

/// <summary>How progress is shown.</summary>
public enum ProgressStyle
{
    /// <summary>Not at all.</summary>
    Silent,
    /// <summary>One line that is rewritten: for a terminal.</summary>
    Line,
    /// <summary>A new line each time, ever more rarely: for a file or a pipe.</summary>
    Log,
}
