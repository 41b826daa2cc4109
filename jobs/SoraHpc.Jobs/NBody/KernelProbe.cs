namespace SoraHpc.Jobs.NBody;

/// <summary>The kernel on sources of its own: what it can do when nothing but interactions is to be computed.</summary>
public static unsafe class KernelProbe
{
    private const int Sources = 1024, Targets = 2048;

    /// <summary>Pulls 2048 targets by 1024 bodies; returns the interactions. Local, about a millisecond.</summary>
    public static double Run() => Run(Expansion.Monopole);

    /// <summary>As above, by bodies or by cells with second moments.</summary>
    public static double Run(Expansion expansion)
    {
        using InteractionList list = new(expansion);
        for (int i = 0; i < Sources; i++)
            list.Add(new Cell { X = 1 + i % 7, Y = i % 11, Z = i % 13, Mass = 1, XX = 0.1, YY = 0.2, ZZ = 0.3 });
        list.Complete();
        double sum = 0;
        for (int i = 0; i < Targets; i++)
            sum += GravityKernel.SumOf(list.PullOn(new(-i, 0, 0), 0.01).Potential);
        return double.IsFinite(sum) ? (double)Sources * Targets : throw new InvalidOperationException("the kernel gives no number");
    }
}
