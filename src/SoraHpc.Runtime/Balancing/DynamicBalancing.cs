namespace SoraHpc.Runtime.Balancing;

/// <summary>When a <see cref="DynamicBalancer"/> looks and when it moves.</summary>
public sealed record DynamicBalancing
{
    /// <summary>Steps from one look to the next at first and after a move, ≥ 1; they double while there is nothing to move. Default: 4.</summary>
    public int Interval { get; init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Interval), value, "a look comes after 1 step or more"); } = 4;

    /// <summary>Most steps between looks, ≥ 1, unless <see cref="Overhead"/> asks for more. Default: 16.</summary>
    public int LongestInterval { get; init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(LongestInterval), value, "a look comes after 1 step or more"); } = 16;

    /// <summary>Share of the run's time that looking may take, in (0, 1). Default: 0.005.</summary>
    public double Overhead { get; init => field = value is > 0 and < 1 ? value : throw new ArgumentOutOfRangeException(nameof(Overhead), value, "a share of the time lies in (0, 1)"); } = 0.005;

    /// <summary>Share of a step that a move must promise to save, in [0, 1): less is taken for noise. Default: 0.03.</summary>
    public double LeastGain { get; init => field = value is >= 0 and < 1 ? value : throw new ArgumentOutOfRangeException(nameof(LeastGain), value, "a share of a step lies in [0, 1)"); } = 0.03;
}
