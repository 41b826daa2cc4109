namespace SoraHpc.Jobs.Npb.Cg;

/// <summary>One size of the kernel.</summary>
/// <param name="Rows">Rows and columns of the matrix.</param>
/// <param name="NonZeros">Nonzeros of each of the sparse vectors it is made of.</param>
/// <param name="Iterations">Iterations of the power method that are timed.</param>
/// <param name="Shift">λ: what is taken from the diagonal.</param>
/// <param name="Zeta">The published eigenvalue estimate.</param>
internal sealed record CgProblem(int Rows, int NonZeros, int Iterations, double Shift, double Zeta)
{
    /// <summary>Bounds the smallest eigenvalue from below.</summary>
    internal const double Condition = 0.1;

    /// <summary>Steps of conjugate gradients in an iteration.</summary>
    internal const int Steps = 25;

    /// <summary>Floating-point operations the specification counts.</summary>
    internal double Operations
    {
        get
        {
            double row = NonZeros * (NonZeros + 1.0);
            return 2.0 * Iterations * Rows * (3 + row + Steps * (5 + row) + 3);
        }
    }

    internal static CgProblem Of(NpbClass size) => size switch
    {
        NpbClass.S => new(1400, 7, 15, 10, 8.5971775078648),
        NpbClass.W => new(7000, 8, 15, 12, 10.362595087124),
        NpbClass.A => new(14000, 11, 15, 20, 17.130235054029),
        NpbClass.B => new(75000, 13, 75, 60, 22.712745482631),
        _ => new(150000, 15, 75, 110, 28.973605592845),
    };
}
