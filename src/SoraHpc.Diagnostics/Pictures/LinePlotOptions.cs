namespace SoraHpc.Diagnostics.Pictures;

/// <summary>What a line plot says and how its axes run.</summary>
public sealed record LinePlotOptions
{
    /// <summary>The large line on top.</summary>
    public required string Title { get; init; }

    /// <summary>The line below it.</summary>
    public string Subtitle { get; init; } = "";

    /// <summary>Quantity and unit along x: "time [days]".</summary>
    public string XLabel { get; init; } = "";

    /// <summary>Quantity and unit along y.</summary>
    public string YLabel { get; init; } = "";

    /// <summary>Logarithmic x axis: only positive abscissae are drawn.</summary>
    public bool LogarithmicX { get; init; }

    /// <summary>Logarithmic y axis: only positive ordinates are drawn.</summary>
    public bool LogarithmicY { get; init; }
}
