namespace SoraHpc.Jobs.Npb.Is;

/// <summary>One size of the kernel.</summary>
/// <param name="LogKeys">2^LogKeys keys …</param>
/// <param name="LogLargest">… in [0, 2^LogLargest).</param>
/// <param name="TestIndex">Keys whose ranks are published, by their place in the sequence.</param>
/// <param name="TestRank">Those ranks before the first iteration, up to a shift.</param>
/// <param name="Shift">What iteration t ≥ 1 adds to the rank of test key i.</param>
internal sealed record IsProblem(int LogKeys, int LogLargest, int[] TestIndex, int[] TestRank, Func<int, int, int> Shift)
{
    /// <summary>Iterations timed; as many keys at either end of the range are changed, one pair an iteration.</summary>
    internal const int Iterations = 10;

    internal int Keys => 1 << LogKeys;

    internal int Largest => 1 << LogLargest;

    internal static IsProblem Of(NpbClass size) => size switch
    {
        NpbClass.S => new(16, 11, [48427, 17148, 23627, 62548, 4431], [0, 18, 346, 64917, 65463], (i, t) => i <= 2 ? t : -t),
        NpbClass.W => new(20, 16, [357773, 934767, 875723, 898999, 404505], [1249, 11698, 1039987, 1043896, 1048018], (i, t) => i < 2 ? t - 2 : -t),
        NpbClass.A => new(23, 19, [2112377, 662041, 5336171, 3642833, 4250760], [104, 17523, 123928, 8288932, 8388264], (i, t) => i <= 2 ? t - 1 : 1 - t),
        NpbClass.B => new(25, 21, [41869, 812306, 5102857, 18232239, 26860214], [33422937, 10244, 59149, 33135281, 99], (i, t) => i is 1 or 2 or 4 ? t : -t),
        _ => new(27, 23, [44172927, 72999161, 74326391, 129606274, 21736814], [61147, 882988, 266290, 133997595, 133525895], (i, t) => i <= 2 ? t : -t),
    };
}
