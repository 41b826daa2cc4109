namespace SoraHpc.Jobs.Npb.Mg;

/// <summary>One size of the kernel.</summary>
/// <param name="Points">Points along each side of the cube, a power of two.</param>
/// <param name="Iterations">V-cycles timed.</param>
/// <param name="Smoother">The smoother's weights.</param>
/// <param name="Norm">Published root mean square of the last residual.</param>
internal sealed record MgProblem(int Points, int Iterations, MgWeights Smoother, double Norm)
{
    private static readonly MgWeights SmootherA = new(-3.0 / 8, 1.0 / 32, -1.0 / 64, 0), SmootherB = new(-3.0 / 17, 1.0 / 33, -1.0 / 61, 0);

    internal static MgProblem Of(NpbClass size) => size switch
    {
        NpbClass.S => new(32, 4, SmootherA, 0.5307707005734e-4),
        NpbClass.W => new(128, 4, SmootherA, 0.6467329375339e-5),
        NpbClass.A => new(256, 4, SmootherA, 0.2433365309069e-5),
        NpbClass.B => new(256, 20, SmootherB, 0.1800564401355e-5),
        _ => new(512, 20, SmootherB, 0.5706732285740e-6),
    };
}
