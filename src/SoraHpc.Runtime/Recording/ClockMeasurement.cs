using System.Diagnostics;
using SoraHpc.Communication;
using SoraHpc.Diagnostics.Tracing;

namespace SoraHpc.Runtime.Recording;

/// <summary>Compares every rank's clock with rank 0's, one rank after the other: the quickest of some exchanges counts.</summary>
internal static class ClockMeasurement
{
    private const int Exchanges = 16, Tag = 0;

    /// <summary>This rank's difference. On rank 0 it is none. Collective.</summary>
    internal static ClockOffset Measure(Communicator communicator)
    {
        if (communicator.IsRoot)
        {
            for (int rank = 1; rank < communicator.Size; rank++)
                Answer(communicator, rank);
            return default;
        }
        ClockOffset best = new(0, 0, double.PositiveInfinity);
        communicator.Receive<byte>(0, Tag);                 // rank 0 has come to this rank: from here on it answers at once
        for (int i = 0; i < Exchanges; i++)
        {
            long asked = Stopwatch.GetTimestamp();
            communicator.Send((byte)0, 0, Tag);
            long there = communicator.Receive<long>(0, Tag), heard = Stopwatch.GetTimestamp();
            double half = 0.5 * (heard - asked);
            if (half < best.Error)
                best = new(heard, there - (asked + half), half);
        }
        return best;
    }

    private static void Answer(Communicator communicator, int rank)
    {
        communicator.Send((byte)0, rank, Tag);
        for (int i = 0; i < Exchanges; i++)
        {
            communicator.Receive<byte>(rank, Tag);
            communicator.Send(Stopwatch.GetTimestamp(), rank, Tag);
        }
    }
}
