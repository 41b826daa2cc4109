using System.Net.Sockets;

namespace SoraHpc.Communication.Survival.Detection;

// What the detector's thread does: it listens, passes on, and buries.
internal sealed partial class FailureDetector
{
    private void Watch()
    {
        long last = clock.ElapsedMilliseconds, beat = 0, end = long.MaxValue;
        List<Socket> readable = [], writable = [];
        while (true)
        {
            CollectSockets(readable, writable);
            Socket.Select(readable, writable, null, TimeSpan.FromMilliseconds(Math.Max(1, silence / HeartbeatsPerSilence)));
            long now = clock.ElapsedMilliseconds;
            lock (gate)
            {
                // This process itself stood still: that the others' messages lay unread is no silence of theirs.
                if (now - last > silence / 2)
                    links.ForEach(link => link.LastHeard = now);
                last = now;
                if (now >= beat && !stopped)
                {
                    links.ForEach(link => link.Post(new(LinkMessageKind.Heartbeat)));
                    beat = now + silence / HeartbeatsPerSilence;
                }
                Listen(readable, now);
                Write();
                BurySilent(now);
                if (stopped && end == long.MaxValue)
                    end = now + farewell;
                if (stopped)
                    SayNoMore();
                if (stopped && (now >= end || links.Count == 0))
                    return;
            }
        }
    }

    private void SayNoMore()
    {
        foreach (DetectorLink link in links)
            if (!link.HasMore)
                link.SayNoMore();
    }

    private void CollectSockets(List<Socket> readable, List<Socket> writable)
    {
        readable.Clear();
        writable.Clear();
        readable.Add(wake);
        readable.Add(listener);
        lock (gate)
        {
            closed.ForEach(link => link.Dispose());
            closed.Clear();
            foreach (DetectorLink link in links)
            {
                readable.Add(link.Socket);
                if (link.HasMore)
                    writable.Add(link.Socket);
            }
        }
    }

    private void Listen(List<Socket> readable, long now)
    {
        foreach (Socket socket in readable)
            if (socket == wake)
                Drain();
            else if (socket == listener)
                Accept(now);
            else if (links.Find(link => link.Socket == socket) is { } link)
                Hear(link, now);
    }

    private void Drain()
    {
        Span<byte> word = stackalloc byte[8];
        SocketError error = SocketError.Success;
        while (error == SocketError.Success)
            _ = wake.Receive(word, SocketFlags.None, out error);
    }

    private void Accept(long now)
    {
        try
        {
            links.Add(new DetectorLink(listener.Accept(), -1, now));
        }
        catch (SocketException)
        {
            // it went away before it was let in
        }
    }

    private void Hear(DetectorLink link, long now)
    {
        messages.Clear();
        bool open = link.Receive(messages, now);
        foreach (LinkMessage message in messages)
            if (!Take(message, link))
            {
                Close(link);
                return;
            }
        if (!open)
            Lose(link, now);
    }

    // False for one that is not of this run.
    private bool Take(in LinkMessage message, DetectorLink link)
    {
        if (!link.HasGreeted)
            return message.Kind == LinkMessageKind.Heartbeat || Welcome(message, link);
        switch (message.Kind)
        {
            case LinkMessageKind.Sign when members.Hear(message.Sign):
                Pass(message, link);
                break;
            case LinkMessageKind.Death:
                Bury(message.Member, message.Number, wasSilent: message.Generation != 0);
                break;
            case LinkMessageKind.RunEnds when !stopped && !runEnds:
                runEnds = true;
                Pass(message, link);
                Write();
                RunEnds(message.Number);
                break;
        }
        return true;
    }

    // Both sides greet; then each tells all it knows, for the link may be the only one left between two halves of the run.
    private bool Welcome(in LinkMessage greeting, DetectorLink link)
    {
        if (greeting.Kind != LinkMessageKind.Greeting || (greeting.First, greeting.Second) != run || (uint)greeting.Member >= (uint)addresses.Count)
            return false;
        bool accepted = link.Member < 0;
        (link.Member, link.HasGreeted) = (greeting.Member, true);
        if (accepted)
            Greet(link);
        for (int member = 0; member < members.Count; member++)
            link.Post(members.IsDead(member) ? new(LinkMessageKind.Death, member, Generation: silent.Contains(member) ? 1 : 0) : LinkMessage.Of(members.SignOf(member)));
        return true;
    }

    private void Write()
    {
        foreach (DetectorLink link in links.ToArray())
            if (link.HasMore && !link.Flush())
                Lose(link, clock.ElapsedMilliseconds);
    }

    private void BurySilent(long now)
    {
        foreach (DetectorLink link in links.ToArray())
            if (now - link.LastHeard > silence)
                Lose(link, now, wasSilent: true);
    }

    private void Lose(DetectorLink link, long now, bool wasSilent = false)
    {
        Close(link);
        if (link.Member >= 0 && (members.SignOf(link.Member).State & LifeState.Left) == 0 && !stopped)
            Bury(link.Member, (int)(now - link.LastHeard), wasSilent);
    }

    // The thread may just be waiting on it: it disposes it at its next turn.
    private void Close(DetectorLink link)
    {
        if (links.Remove(link))
            closed.Add(link);
    }

    private void Bury(int member, int silentFor, bool wasSilent)
    {
        if (member == members.Self)
        {
            if (!runEnds)                   // one that ends the run takes its leave in a hurry
                Expelled("the others heard nothing of this rank for too long and go on without it");
            return;
        }
        if (!members.Bury(member))
            return;
        if (wasSilent && silent.Add(member) && IsCutOff())
            Expelled("this rank hears nothing of most others any more, who may go on without it");
        if (firstDeathAt < 0)
            (firstDeathAt, Detection) = (clock.ElapsedMilliseconds, TimeSpan.FromMilliseconds(silentFor));
        isBroken = members.IsWorldBroken;
        Pass(new(LinkMessageKind.Death, member, silentFor, Generation: wasSilent ? 1 : 0), null);
        foreach (DetectorLink link in links.FindAll(link => link.Member == member))
        {
            _ = link.Flush();               // should it live after all, it reads that it must end
            Close(link);
        }
        Died();
    }

    // A silent rank may live behind a broken network. Of two parts of a world one goes on: the larger, of equal ones that with rank 0.
    private bool IsCutOff()
    {
        int unheard = members.World.Count(silent.Contains);
        return 2 * unheard > members.World.Count || 2 * unheard == members.World.Count && silent.Contains(members.World[0]);
    }
}
