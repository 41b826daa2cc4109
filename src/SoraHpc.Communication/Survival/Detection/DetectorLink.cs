using System.Net.Sockets;

namespace SoraHpc.Communication.Survival.Detection;

/// <summary>A connection between two members, whose end is known the moment the kernel knows it. Used under the detector's lock; never blocks.</summary>
internal sealed class DetectorLink : IDisposable
{
    // Far more than a world's deaths and signs take: a partner that lets so much lie will soon be found silent.
    private const int MostQueued = 16 << 20;

    private readonly byte[] arriving = new byte[64 * LinkMessage.Bytes];
    private byte[] leaving = new byte[64 * LinkMessage.Bytes];
    private int arrived, queued;

    /// <param name="member">Who is at the other end; −1 until it has greeted.</param>
    internal DetectorLink(Socket socket, int member, long now)
    {
        (Socket, Member, LastHeard) = (socket, member, now);
        socket.Blocking = false;
        socket.NoDelay = true;
    }

    internal Socket Socket { get; }

    internal int Member { get; set; }

    /// <summary>Whether the other end has shown that it is of this run.</summary>
    internal bool HasGreeted { get; set; }

    /// <summary>Milliseconds on the detector's clock.</summary>
    internal long LastHeard { get; set; }

    internal bool HasMore => queued > 0;

    /// <summary>Puts a message in the queue; <see cref="Flush"/> sends it.</summary>
    internal void Post(in LinkMessage message)
    {
        if (queued + LinkMessage.Bytes > MostQueued)
            return;
        if (queued + LinkMessage.Bytes > leaving.Length)
            Array.Resize(ref leaving, 2 * leaving.Length);
        message.Write(leaving.AsSpan(queued));
        queued += LinkMessage.Bytes;
    }

    /// <summary>Sends what fits. False when the connection is broken.</summary>
    internal bool Flush()
    {
        while (queued > 0)
        {
            int sent = Socket.Send(leaving.AsSpan(0, queued), SocketFlags.None, out SocketError error);
            if (error is SocketError.WouldBlock or SocketError.IOPending)
                return true;
            if (error != SocketError.Success)
                return false;
            leaving.AsSpan(sent, queued - sent).CopyTo(leaving);
            queued -= sent;
        }
        return true;
    }

    /// <summary>Adds what has come to <paramref name="messages"/>. False when the connection has ended.</summary>
    internal bool Receive(List<LinkMessage> messages, long now)
    {
        while (true)
        {
            int count = Socket.Receive(arriving.AsSpan(arrived), SocketFlags.None, out SocketError error);
            if (error is SocketError.WouldBlock or SocketError.IOPending)
                return true;
            if (error != SocketError.Success || count == 0)
                return false;
            LastHeard = now;
            arrived += count;
            int read = 0;
            for (; arrived - read >= LinkMessage.Bytes; read += LinkMessage.Bytes)
                messages.Add(LinkMessage.Read(arriving.AsSpan(read)));
            arriving.AsSpan(read, arrived - read).CopyTo(arriving);
            arrived -= read;
        }
    }

    /// <summary>The other end reads that nothing more comes.</summary>
    internal void SayNoMore()
    {
        try
        {
            Socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // it has ended from the other side
        }
    }

    public void Dispose() => Socket.Dispose();
}
