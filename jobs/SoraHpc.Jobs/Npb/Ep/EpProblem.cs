namespace SoraHpc.Jobs.Npb.Ep;

/// <summary>One size of the kernel.</summary>
/// <param name="LogPairs">m: 2^m pairs of uniform numbers are drawn.</param>
/// <param name="SumX">Published sum of the Gaussian X.</param>
/// <param name="SumY">Published sum of the Gaussian Y.</param>
/// <param name="Accepted">Published number of Gaussian pairs.</param>
/// <param name="Counts">Published pairs by annulus, as far as this project has them.</param>
internal sealed record EpProblem(int LogPairs, double SumX, double SumY, long Accepted, params long[] Counts)
{
    internal static EpProblem Of(NpbClass size) => size switch
    {
        NpbClass.S => new(24, -3.247834652034740e3, -6.958407078382297e3, 13_176_389, 6_140_517, 5_865_300, 1_100_361, 68_546, 1_648, 17),
        NpbClass.W => new(25, -2.863319731645753e3, -6.320053679109499e3, 26_354_769),
        NpbClass.A => new(28, -4.295875165629892e3, -1.580732573678431e4, 210_832_767, 98_257_395, 93_827_014, 17_611_549),
        NpbClass.B => new(30, 4.033815542441498e4, -2.660669192809235e4, 843_345_606),
        _ => new(32, 4.764367927995374e4, -8.084072988043731e4, 3_373_275_903),
    };
}
