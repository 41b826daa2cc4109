using SoraHpc.Diagnostics;

namespace SoraHpc.Jobs.Training;

/// <summary>How many users' behaviour is learnt from, and how many items are recommended.</summary>
public sealed record BehaviourOptions : LearningOptions
{
    /// <summary>What stands for it on the command line.</summary>
    public const string Made = "behaviour";

    /// <summary>Users to learn from, ≥ 100. Default: 6000.</summary>
    public int Users { get; init => field = value >= 100 ? value : throw new UsageException($"{value} users to learn from: give 100 or more"); } = 6_000;

    /// <summary>Users to be judged by, ≥ 100. Default: 2000.</summary>
    public int TestUsers { get; init => field = value >= 100 ? value : throw new UsageException($"{value} users to be judged by: give 100 or more"); } = 2_000;

    /// <summary>Items recommended to a user, from 1 to all. Default: 5.</summary>
    public int Top { get; init => field = value is >= 1 and <= MadeShop.Items ? value : throw new UsageException($"{value} items to recommend: give 1 to {MadeShop.Items}"); } = 5;

    /// <summary>Parts that users are dealt into: the most ranks. Default: 12.</summary>
    public int Strata { get; init; } = 12;

    /// <summary>λ in ½λ‖w‖², ≥ 0. Default: 1.</summary>
    public double Penalty { get; init => field = value >= 0 ? value : throw new UsageException(FormattableString.Invariant($"a penalty of {value}: give 0 or more")); } = 1;

    /// <summary>File for a line of items for each user to be judged by, separated by commas; null for none.</summary>
    public string? Output { get; init; }

    /// <summary>SVG file with the coefficients; null for none.</summary>
    public string? Picture { get; init; }

    /// <summary>Folder for pictures and tables that explain the regression; null for none.</summary>
    public string? Explain { get; init; }
}
