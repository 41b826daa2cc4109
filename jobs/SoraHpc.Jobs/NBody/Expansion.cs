namespace SoraHpc.Jobs.NBody;

/// <summary>How far the field of a distant cell is expanded about its centre of mass; the dipole is zero there.</summary>
public enum Expansion
{
    /// <summary>Its mass alone.</summary>
    Monopole,

    /// <summary>Mass and second moments: three times the work a cell, and an error smaller by another power of the opening angle.</summary>
    Quadrupole,
}
