namespace SoraHpc.Jobs.Weather;

/// <summary>A rank that owns elements across some of our faces. As many faces go there as come from there.</summary>
/// <param name="Rank">The other rank.</param>
/// <param name="FirstSlot">Where in our state its faces are received.</param>
/// <param name="Sent">Our faces in the order sent.</param>
public sealed record FacePeer(int Rank, int FirstSlot, FaceLink[] Sent)
{
    private const int FacesPerSlot = Layout.Element / Layout.Line;

    /// <summary>Element-sized slots that the faces fill, four to a slot.</summary>
    public int SlotCount => (Sent.Length + FacesPerSlot - 1) / FacesPerSlot;

    /// <summary>Where in slots that start at <paramref name="firstSlot"/> the height of a face's first node lies.</summary>
    public static int OffsetOf(int firstSlot, int position) =>
        (firstSlot + position / FacesPerSlot) * Layout.State + position % FacesPerSlot * Layout.Line;
}
