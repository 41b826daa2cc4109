using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text;

namespace SoraHpc.Communication.Survival.Detection;

/// <summary>Where a member's detector listens.</summary>
/// <param name="Host">Its host's name: members of one host reach each other by the loopback device.</param>
/// <param name="Addresses">The host's own, in the order to try.</param>
internal sealed record DetectorAddress(string Host, IReadOnlyList<IPAddress> Addresses, int Port)
{
    /// <summary>Bytes of an address among the ranks.</summary>
    internal const int Bytes = 256;

    /// <summary>This host's, for a listener at this port.</summary>
    internal static DetectorAddress Here(int port)
    {
        IEnumerable<IPAddress> own = NetworkInterface.GetAllNetworkInterfaces()
            .Where(device => device.OperationalStatus == OperationalStatus.Up && device.NetworkInterfaceType != NetworkInterfaceType.Loopback)
            .SelectMany(device => device.GetIPProperties().UnicastAddresses)
            .Select(found => found.Address)
            .Where(address => address.AddressFamily == AddressFamily.InterNetwork);
        return new(Environment.MachineName, [.. own], port);
    }

    /// <summary>Ways to it from the host named.</summary>
    internal IEnumerable<IPEndPoint> From(string host) =>
        (host == Host ? [IPAddress.Loopback, .. Addresses] : Addresses).Select(address => new IPEndPoint(address, Port));

    internal void Write(Span<byte> to)
    {
        to.Clear();
        string text = string.Join('\n', [Port.ToString(System.Globalization.CultureInfo.InvariantCulture), Host, .. Addresses.Select(address => address.ToString())]);
        // Whole lines only: a host with very many devices is reached by the first of them.
        while (Encoding.UTF8.GetByteCount(text) > Bytes)
            text = text[..text.LastIndexOf('\n')];
        Encoding.UTF8.GetBytes(text, to);
    }

    internal static DetectorAddress Read(ReadOnlySpan<byte> from)
    {
        string[] lines = Encoding.UTF8.GetString(from).TrimEnd('\0').Split('\n');
        return new(lines[1], [.. lines.Skip(2).Select(IPAddress.Parse)], int.Parse(lines[0], System.Globalization.CultureInfo.InvariantCulture));
    }
}
