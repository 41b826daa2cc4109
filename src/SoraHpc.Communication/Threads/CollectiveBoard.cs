namespace SoraHpc.Communication.Threads;

/// <summary>
/// The collectives under way on one communicator. A rank's n-th call belongs to the n-th meeting, whatever it is: when the calls
/// that meet there differ, the program is wrong and every rank is told which two ranks disagree.
/// </summary>
internal sealed class CollectiveBoard(ThreadGroup group)
{
    private readonly Lock gate = new();
    private readonly Dictionary<long, Meeting> meetings = [];
    // Two are always needed: a rank begins the next while another has yet to leave the last.
    private readonly Stack<Meeting> spare = new([new Meeting(group), new Meeting(group)]);

    /// <summary>Adds a rank's call to the meeting of this number.</summary>
    internal void Arrive(CollectiveCall call, long sequence) => MeetingOf(sequence).Arrive(call);

    /// <summary>Called once by every rank when it has its outcome.</summary>
    internal void Leave(Meeting meeting)
    {
        if (!meeting.Depart())
            return;
        lock (gate)
        {
            meetings.Remove(meeting.Sequence);
            spare.Push(meeting);
        }
    }

    private Meeting MeetingOf(long sequence)
    {
        lock (gate)
        {
            if (meetings.TryGetValue(sequence, out Meeting? meeting))
                return meeting;
            if (!spare.TryPop(out meeting))
                meeting = new Meeting(group);
            meeting.Open(sequence);
            meetings.Add(sequence, meeting);
            return meeting;
        }
    }
}
