using System.Numerics;
using SoraHpc.Communication;

namespace SoraHpc.Solvers.Fft;

/// <summary>Blocks for the other ranks of a communicator, sent and received in pieces: one travels while the next is made, or while the one
/// before is used. The messages are set up once. Every rank has as many pieces, of which some may be empty.</summary>
internal sealed class PieceExchange : IDisposable
{
    private const int Tag = 1;

    private readonly List<PersistentRequest>[] sends, receives;
    private readonly Request[] all;

    /// <summary>Local.</summary>
    /// <param name="outgoing">The numbers of a piece for a rank.</param>
    /// <param name="incoming">Where those of a piece from a rank go.</param>
    internal PieceExchange(Communicator communicator, int pieces, Func<int, int, Memory<Complex>> outgoing, Func<int, int, Memory<Complex>> incoming)
    {
        (sends, receives) = (new List<PersistentRequest>[pieces], new List<PersistentRequest>[pieces]);
        for (int piece = 0; piece < pieces; piece++)
        {
            (sends[piece], receives[piece]) = ([], []);
            for (int step = 1; step < communicator.Size; step++)            // each rank begins with another, so none is sent to by all at once
            {
                int to = (communicator.Rank + step) % communicator.Size, from = (communicator.Rank - step + communicator.Size) % communicator.Size;
                if (outgoing(piece, to) is { Length: > 0 } sent)
                    sends[piece].Add(communicator.CreateSend<Complex>(sent, to, Tag));
                if (incoming(piece, from) is { Length: > 0 } received)
                    receives[piece].Add(communicator.CreateReceive(received, from, Tag));
            }
        }
        all = [.. receives.Concat(sends).SelectMany(transfers => transfers).Select(transfer => transfer.Request)];
    }

    /// <summary>Begins an exchange: all pieces may come.</summary>
    internal void Begin()
    {
        foreach (List<PersistentRequest> piece in receives)
            foreach (PersistentRequest transfer in piece)
                transfer.Start();
    }

    /// <summary>A piece is complete and leaves.</summary>
    internal void Send(int piece)
    {
        foreach (PersistentRequest transfer in sends[piece])
            transfer.Start();
        _ = Request.TestAll(all);               // an MPI without a thread of its own moves messages only when it is called
    }

    /// <summary>Waits for a piece from every rank.</summary>
    internal void Receive(int piece)
    {
        foreach (PersistentRequest transfer in receives[piece])
            transfer.Request.Wait();
    }

    /// <summary>Waits for all that is still under way.</summary>
    internal void End() => Request.WaitAll(all);

    /// <summary>Whether a transfer is under way, which it is only after a failure: it may still write to its buffer.</summary>
    internal bool IsActive => all.Any(request => request.IsActive);

    public void Dispose()
    {
        foreach (PersistentRequest transfer in receives.Concat(sends).SelectMany(transfers => transfers))
            if (!transfer.Request.IsActive)     // else freeing it would throw over the error that says why
                transfer.Dispose();
    }
}
