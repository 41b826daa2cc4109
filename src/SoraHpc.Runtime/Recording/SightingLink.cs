using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using SoraHpc.Communication;
using SoraHpc.Diagnostics.Tracing;

namespace SoraHpc.Runtime.Recording;

/// <summary>
/// Brings what the ranks of other nodes were seen doing to rank 0, from thread to thread and past the communication layer, which may be what is
/// stuck: datagrams, a few a second and node, which may be lost. A secret of the run marks them as its own.
/// </summary>
internal sealed class SightingLink : IDisposable
{
    // A datagram must fit into one packet of most networks.
    private const int SightingsPerDatagram = 20, MostAddresses = 4;

    [StructLayout(LayoutKind.Sequential)]
    private struct Entry
    {
        internal long Secret;
        internal int Rank, Unused;
        internal RankSighting Sighting;
    }

    [StructLayout(LayoutKind.Sequential)]
    private unsafe struct Contact
    {
        internal long Secret;
        internal int Port, Addresses;
        internal fixed byte Bytes[4 * MostAddresses];
    }

    private readonly UdpClient socket;
    private readonly long secret;
    private readonly IPEndPoint[] root;
    private readonly Entry[] outgoing = new Entry[SightingsPerDatagram];

    /// <remarks>Collective.</remarks>
    internal unsafe SightingLink(Communicator communicator)
    {
        socket = new(new IPEndPoint(IPAddress.Any, 0));
        Contact contact = communicator.Broadcast(communicator.IsRoot ? OwnContact(((IPEndPoint)socket.Client.LocalEndPoint!).Port) : default);
        secret = contact.Secret;
        root = new IPEndPoint[contact.Addresses];
        for (int i = 0; i < root.Length; i++)
            root[i] = new(new IPAddress(new ReadOnlySpan<byte>(contact.Bytes + 4 * i, 4)), contact.Port);
    }

    /// <summary>Sends what a node's ranks were seen doing. What the network refuses is left out: the next comes soon.</summary>
    internal void Send(NodeStates node)
    {
        for (int first = 0; first < node.Members.Length; first += SightingsPerDatagram)
        {
            int count = Math.Min(SightingsPerDatagram, node.Members.Length - first);
            for (int i = 0; i < count; i++)
                outgoing[i] = new() { Secret = secret, Rank = node.Members[first + i], Sighting = node[first + i] };
            foreach (IPEndPoint address in root)
                try
                {
                    socket.Send(MemoryMarshal.AsBytes(outgoing.AsSpan(0, count)), address);
                }
                catch (SocketException)
                {
                }
        }
    }

    /// <summary>Takes what has arrived; never waits.</summary>
    internal void Receive(Span<RankSighting> ranks)
    {
        IPEndPoint? from = null;
        try
        {
            while (socket.Available > 0)
                foreach (Entry entry in MemoryMarshal.Cast<byte, Entry>(socket.Receive(ref from)))
                    if (entry.Secret == secret && (uint)entry.Rank < (uint)ranks.Length)
                        ranks[entry.Rank] = entry.Sighting;
        }
        catch (SocketException)
        {
        }
    }

    /// <summary>Local.</summary>
    public void Dispose() => socket.Dispose();

    // All addresses of this machine are tried, for it does not know by which the others reach it; its own last, for ranks on it.
    private static unsafe Contact OwnContact(int port)
    {
        Contact contact = new() { Secret = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long))), Port = port };
        IEnumerable<IPAddress> addresses = NetworkInterface.GetAllNetworkInterfaces()
            .Where(network => network.OperationalStatus == OperationalStatus.Up && network.NetworkInterfaceType != NetworkInterfaceType.Loopback)
            .SelectMany(network => network.GetIPProperties().UnicastAddresses).Select(address => address.Address)
            .Where(address => address.AddressFamily == AddressFamily.InterNetwork).Take(MostAddresses - 1).Append(IPAddress.Loopback);
        foreach (IPAddress address in addresses)
            address.GetAddressBytes().CopyTo(new Span<byte>(contact.Bytes + 4 * contact.Addresses++, 4));
        return contact;
    }
}
