using System.Globalization;
using SoraHpc.Diagnostics;
using SoraHpc.Runtime.Stealing;

namespace SoraHpc.Jobs.Weather;

/// <summary>Columns of air under the nodes, how often and how they act on the flow.</summary>
/// <remarks>A value out of its range throws <see cref="UsageException"/>.</remarks>
public sealed record PhysicsOptions
{
    /// <summary>Layers of equal mass, in [4, 64]. Default: 32.</summary>
    public int Layers { get; init => field = value is >= 4 and <= Column.MostLayers ? value : throw Range("layers", value, $"from 4 to {Column.MostLayers}"); } = 32;

    /// <summary>Steps of the flow from one advance of the columns to the next, ≥ 1. Default: 10.</summary>
    public int Every { get; init => field = value >= 1 ? value : throw Range("steps between physics", value, "1 or more"); } = 10;

    /// <summary>Date and time of model time 0, UTC. Default: an equinox at noon, 2024-03-20T12:00Z.</summary>
    public DateTime Date { get; init; } = new(2024, 3, 20, 12, 0, 0, DateTimeKind.Utc);

    /// <summary>Days in which the surface's height relaxes to that of the columns' temperature, &gt; 0. Default: 10.</summary>
    public double RelaxationDays { get; init => field = value > 0 && double.IsFinite(value) ? value : throw Range("relaxation days", value, "more than 0"); } = 10;

    /// <summary>How columns go from rank to rank; disabled, every rank advances its own. Changes no number.</summary>
    public StealingOptions Stealing { get; init; } = new();

    /// <summary>A rank that advances every column <see cref="SlowFactor"/> times, as a slower processor would take; −1 for none. Default: −1.</summary>
    public int SlowRank { get; init; } = -1;

    /// <summary>Times that rank does, ≥ 1. Default: 4.</summary>
    public int SlowFactor { get; init => field = value >= 1 ? value : throw Range("factor of slowing down", value, "1 or more"); } = 4;

    /// <summary>A date as it is written: 2024-03-20 or 2024-03-20T12:00Z; without a zone it is UTC.</summary>
    public static DateTime ParseDate(string text) =>
        DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTime date) ? date
            : throw new UsageException($"'{text}' is no date: write it like 2024-03-20 or 2024-03-20T12:00Z");

    private static UsageException Range(string what, double value, string range) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{what} {value} is out of range: it must be {range}"));
}
