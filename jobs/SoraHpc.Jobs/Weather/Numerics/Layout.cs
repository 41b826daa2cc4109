namespace SoraHpc.Jobs.Weather;

/// <summary>Where numbers lie. A line is the four nodes of an element with the same η: contiguous, one 256-bit vector. An element's
/// variable is four lines in order of η.</summary>
public static class Layout
{
    /// <summary>Nodes of an element.</summary>
    public const int Element = 16;

    /// <summary>Distance between the lines of an element.</summary>
    public const int Line = 4;

    // ---- state: h [m], then the momentum h·V [m² s⁻¹] in Cartesian components (for advection: the wind V [m s⁻¹] itself) ----

    public const int Height = 0, MomentumX = Element, MomentumY = 2 * Element, MomentumZ = 3 * Element;

    /// <summary>Doubles of state per element.</summary>
    public const int State = 4 * Element;

    // ---- constant coefficients per element, read in this order by the volume kernel ----

    /// <summary>1/J [m⁻²].</summary>
    public const int InverseJacobian = 0;
    /// <summary>f = 2Ω·k [s⁻¹].</summary>
    public const int Coriolis = Element;
    /// <summary>Height b of the bottom [m].</summary>
    public const int Bottom = 2 * Element;
    /// <summary>k, the unit vector upwards, three components.</summary>
    public const int Up = 3 * Element;
    /// <summary>J·a¹ [m], normal to lines of constant ξ, three components.</summary>
    public const int First = 6 * Element;
    /// <summary>J·a² [m], normal to lines of constant η, three components.</summary>
    public const int Second = 9 * Element;
    /// <summary>Doubles of coefficients per element.</summary>
    public const int Coefficients = 12 * Element;

    // ---- constant coefficients per face, four nodes each, in the element's own order ----

    /// <summary>Outward normal times edge length per unit of reference length [m], three components; its negative on the other side, bit for bit.</summary>
    public const int Normal = 0;
    /// <summary>Length of the normal [m].</summary>
    public const int NormalLength = 3 * Line;
    /// <summary>1/(J·w) with the end weight w: from a face flux to a tendency [m⁻²].</summary>
    public const int Lift = 4 * Line;
    /// <summary>b on this side [m].</summary>
    public const int OwnBottom = 5 * Line;
    /// <summary>b on the other side [m].</summary>
    public const int OtherBottom = 6 * Line;
    /// <summary>Doubles of coefficients per face.</summary>
    public const int FaceCoefficients = 7 * Line;

    /// <summary>Node of an element that is first on a face.</summary>
    public static int FirstNode(Face face) => face switch { Face.East => Line - 1, Face.North => Element - Line, _ => 0 };

    /// <summary>Distance between the nodes of a face.</summary>
    public static int Stride(Face face) => face is Face.West or Face.East ? Line : 1;
}
