using System.Net;
using System.Net.Sockets;

namespace SoraHpc.Communication.Survival.Detection;

// Connections are made by the rank's own thread, which may wait for them.
internal sealed partial class FailureDetector
{
    // To the living at distances 1, 2, 4, … on the ring of the living: with few deaths nobody is cut off meanwhile.
    private void Reach()
    {
        int[] ring, missing;
        lock (gate)
        {
            ring = members.Living();
            int at = Array.IndexOf(ring, members.Self);
            missing = at < 0 ? [] : [.. Distances(ring.Length).Select(distance => ring[(at + distance) % ring.Length])
                .Where(member => links.All(link => link.Member != member)).Distinct()];
        }
        foreach (int member in missing)
            Connect(member);
    }

    private static IEnumerable<int> Distances(int size)
    {
        for (int distance = 1; distance < size; distance *= 2)
            yield return distance;
    }

    private void Connect(int member)
    {
        DetectorAddress there;
        lock (gate)
            there = addresses[member];
        Socket? socket = there.From(host).Select(TryConnect).FirstOrDefault(connected => connected is not null);
        lock (gate)
        {
            if (socket is null)
            {
                Bury(member, 0, wasSilent: false);
                return;
            }
            DetectorLink link = new(socket, member, clock.ElapsedMilliseconds);
            links.Add(link);
            Greet(link);
        }
        Wake();
    }

    private static Socket? TryConnect(IPEndPoint way)
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        using CancellationTokenSource limit = new(ConnectMilliseconds);
        try
        {
            socket.ConnectAsync(way, limit.Token).AsTask().GetAwaiter().GetResult();
            return socket;
        }
        catch (Exception failure) when (failure is SocketException or OperationCanceledException)
        {
            socket.Dispose();
            return null;
        }
    }

    private void Greet(DetectorLink link) => link.Post(new(LinkMessageKind.Greeting, members.Self, First: run.First, Second: run.Second));
}
