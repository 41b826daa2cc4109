using SoraHpc.Communication;

namespace SoraHpc.Jobs.Weather;

/// <summary>
/// Sends the nodes on faces that other ranks' elements touch and receives theirs, with requests set up once. Between
/// <see cref="Start"/> and <see cref="Finish"/> owned elements may be read but not written, received faces not touched.
/// </summary>
public sealed unsafe class FaceExchange : IDisposable
{
    private const int Tag = 17;

    private readonly AlignedBuffer<double> state;
    private readonly FacePeer[] peers;
    private readonly AlignedBuffer<double>[] outboxes;
    private readonly PersistentRequest[] receives, sends;
    private readonly Request[] started;

    /// <param name="communicator">Of the ranks in <see cref="ElementMap.Peers"/>; no message of other code may carry this class's tag.</param>
    /// <param name="state">Laid out as <see cref="ElementMap"/> says; must outlive this.</param>
    public FaceExchange(Communicator communicator, ElementMap map, AlignedBuffer<double> state)
    {
        this.state = state;
        peers = map.Peers;
        outboxes = [.. peers.Select(peer => new AlignedBuffer<double>(peer.SlotCount * Layout.State))];
        receives = [.. peers.Select(peer =>
            communicator.CreateReceive(state.Memory.Slice(peer.FirstSlot * Layout.State, peer.SlotCount * Layout.State), peer.Rank, Tag))];
        sends = [.. peers.Select((peer, i) => communicator.CreateSend<double>(outboxes[i].Memory, peer.Rank, Tag))];
        started = new Request[2 * peers.Length];
    }

    /// <summary>Starts sending the faces as they are now and receiving the others'.</summary>
    public void Start()
    {
        for (int i = 0; i < peers.Length; i++)
            started[i] = receives[i].Start();
        for (int i = 0; i < peers.Length; i++)
        {
            Pack(peers[i].Sent, outboxes[i].Address);
            started[peers.Length + i] = sends[i].Start();
        }
    }

    /// <summary>Waits for the faces of the others.</summary>
    public void Finish() => Request.WaitAll(started);

    /// <summary>Frees the requests and buffers; no exchange may be under way.</summary>
    public void Dispose()
    {
        foreach (PersistentRequest request in receives.Concat(sends))
            request.Dispose();
        foreach (IDisposable outbox in outboxes)
            outbox.Dispose();
    }

    private void Pack(FaceLink[] faces, double* outbox)
    {
        for (int position = 0; position < faces.Length; position++)
        {
            double* from = state.Address + faces[position].Offset, to = outbox + FacePeer.OffsetOf(0, position);
            int stride = faces[position].Stride;
            for (int variable = 0; variable < Layout.State; variable += Layout.Element)
                for (int q = 0; q < Layout.Line; q++)
                    to[variable + q] = from[variable + stride * q];
        }
    }
}
