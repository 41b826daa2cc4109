namespace SoraHpc.Cli.Doctor;

/// <summary>How bad a finding is.</summary>
internal enum Severity
{
    Ok,
    /// <summary>Works, but not as well as it could.</summary>
    Warning,
    /// <summary>A run asked for like this fails.</summary>
    Error,
}

/// <summary>One line of the doctor's report.</summary>
/// <param name="Severity">How bad it is.</param>
/// <param name="Subject">What was looked at: "MPI", "HDF5".</param>
/// <param name="Text">What was found.</param>
/// <param name="Advice">What to do about it; empty when nothing is to be done.</param>
internal sealed record Finding(Severity Severity, string Subject, string Text, string Advice = "")
{
    /// <summary>"ok       MPI       Open MPI 4.1.4 …" with the advice behind an arrow.</summary>
    public override string ToString()
    {
        string line = $"{Severity.ToString().ToLowerInvariant(),-8} {Subject,-9} {Text}";
        return Advice.Length > 0 ? $"{line} → {Advice}" : line;
    }
}
