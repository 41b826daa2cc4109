using System.Runtime.InteropServices;

namespace SoraHpc.Jobs.NBody;

/// <summary>A point mass as it travels between ranks. Units are those in which G = 1.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct Body
{
    /// <summary>Position.</summary>
    public double X, Y, Z;

    /// <summary>Velocity.</summary>
    public double VX, VY, VZ;

    /// <summary>Mass, > 0.</summary>
    public double Mass;

    /// <summary>Its place in the data, from 0 on.</summary>
    public long Id;

    /// <summary>What its acceleration cost in the last step, in interactions; 1 before the first.</summary>
    public long Cost;
}
