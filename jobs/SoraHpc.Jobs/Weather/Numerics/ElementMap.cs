namespace SoraHpc.Jobs.Weather;

/// <summary>
/// One rank's share of the elements and whom its faces touch. State is stored for the owned elements in ascending order, followed
/// by slots the size of an element that each hold four faces received from other ranks, so that the nodes across a face are found in
/// the same way whether the neighbour lives here or elsewhere. Pure arithmetic: any assignment of elements to ranks will do.
/// </summary>
public sealed class ElementMap
{
    private readonly Dictionary<int, int> localIndex = [];
    private readonly FaceLink[] links;

    /// <param name="sphere">The elements.</param>
    /// <param name="rank">Whose share.</param>
    /// <param name="ownerOf">Rank that owns an element; the same answer on every rank.</param>
    public ElementMap(CubedSphere sphere, int rank, Func<int, int> ownerOf)
    {
        Sphere = sphere;
        Owned = [.. Enumerable.Range(0, sphere.Elements).Where(element => ownerOf(element) == rank)];
        for (int local = 0; local < Owned.Length; local++)
            localIndex.Add(Owned[local], local);
        links = new FaceLink[Owned.Length * CubedSphere.Faces];
        Peers = Connect(rank, ownerOf);
    }

    public CubedSphere Sphere { get; }

    /// <summary>Numbers of the owned elements, ascending.</summary>
    public int[] Owned { get; }

    /// <summary>Ranks to exchange faces with, ascending.</summary>
    public FacePeer[] Peers { get; }

    /// <summary>Element-sized slots of state: owned elements, then received faces.</summary>
    public int Slots => Owned.Length + Peers.Sum(peer => peer.SlotCount);

    /// <summary>For local element e and face f at 4·e + f: where the nodes across the face lie.</summary>
    public ReadOnlySpan<FaceLink> Links => links;

    /// <summary>Position of an element among the owned ones.</summary>
    public bool TryLocal(int element, out int local) => localIndex.TryGetValue(element, out local);

    private FacePeer[] Connect(int rank, Func<int, int> ownerOf)
    {
        // Faces that come from a rank, in the order in which that rank sends them: by its element, then by its face.
        var incoming = new SortedDictionary<int, SortedDictionary<(int Element, Face Face), (int Link, bool Reversed)>>();
        var outgoing = new Dictionary<int, List<(int Local, Face Face)>>();
        for (int local = 0; local < Owned.Length; local++)
            for (Face face = Face.West; face <= Face.North; face++)
            {
                Neighbour neighbour = Sphere.Neighbour(Owned[local], face);
                int link = local * CubedSphere.Faces + (int)face, owner = ownerOf(neighbour.Element);
                if (owner == rank)
                {
                    FaceLink nodes = new(localIndex[neighbour.Element] * Layout.State + Layout.FirstNode(neighbour.Face), Layout.Stride(neighbour.Face));
                    links[link] = neighbour.Reversed ? nodes.Reverse() : nodes;
                    continue;
                }
                if (!incoming.TryGetValue(owner, out var faces))
                {
                    incoming.Add(owner, faces = []);
                    outgoing.Add(owner, []);
                }
                faces.Add((neighbour.Element, neighbour.Face), (link, neighbour.Reversed));
                outgoing[owner].Add((local, face));
            }

        int slot = Owned.Length;
        var peers = new List<FacePeer>();
        foreach ((int owner, var faces) in incoming)
        {
            int position = 0;
            foreach ((int link, bool reversed) in faces.Values)
            {
                FaceLink nodes = new(FacePeer.OffsetOf(slot, position++), 1);
                links[link] = reversed ? nodes.Reverse() : nodes;
            }
            var peer = new FacePeer(owner, slot, [.. outgoing[owner].Select(face =>
                new FaceLink(face.Local * Layout.State + Layout.FirstNode(face.Face), Layout.Stride(face.Face)))]);
            peers.Add(peer);
            slot += peer.SlotCount;
        }
        return [.. peers];
    }
}
