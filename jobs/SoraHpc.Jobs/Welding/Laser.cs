namespace SoraHpc.Jobs.Welding;

/// <summary>A beam that goes round the plate's centre in a circle and heats what is under it, most in the middle (Gauss).</summary>
public sealed record Laser
{
    /// <summary>What it heats the cell in its middle by [K a step], ≥ 0. Default: 10.</summary>
    public double Power { get; init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(Power), value, "a power is 0 or more"); } = 10;

    /// <summary>Distance from the middle at which 1/e of that is left [cells], > 0. Default: 40.</summary>
    public double Radius { get; init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(Radius), value, "a radius is more than 0"); } = 40;

    /// <summary>Way of the middle [cells a step], ≥ 0. Default: 0.5.</summary>
    public double Speed { get; init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(Speed), value, "a speed is 0 or more"); } = 0.5;

    /// <summary>Radius of its path as a share of the plate's shorter side, in (0, 0.5). Default: 0.3.</summary>
    public double Path { get; init => field = value is > 0 and < 0.5 ? value : throw new ArgumentOutOfRangeException(nameof(Path), value, "a path within the plate has a radius in (0, 0.5) of its side"); } = 0.3;

    /// <summary>Row and column of the middle before the step of this number.</summary>
    public (double Row, double Column) At(long step, long rows, long columns)
    {
        double radius = Path * Math.Min(rows, columns), angle = Speed * step / radius;
        return (rows / 2.0 + radius * Math.Sin(angle), columns / 2.0 + radius * Math.Cos(angle));
    }
}
