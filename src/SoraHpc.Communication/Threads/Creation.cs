namespace SoraHpc.Communication.Threads;

/// <summary>The collectives that make something: new groups of ranks, windows.</summary>
internal static class Creation
{
    /// <summary>What a rank says in a split.</summary>
    internal sealed record Choice(int Color, int Key);

    internal static void Do(Meeting meeting, CollectiveKind kind)
    {
        if (kind == CollectiveKind.CreateGraph)
            CheckEdges(meeting);
        Split(meeting);
        if (kind == CollectiveKind.AllocateWindow)
            ShareMemory(meeting);
    }

    // Duplicates, graphs and windows are splits in which everybody chooses the same.
    private static void Split(Meeting meeting)
    {
        CollectiveCall[] calls = [.. Enumerable.Range(0, meeting.Group.Size).Select(meeting.CallOf)];
        foreach (IGrouping<int, CollectiveCall> color in calls.GroupBy(call => ChoiceOf(call).Color))
        {
            if (color.Key < 0)
                continue;
            CollectiveCall[] members = [.. color.OrderBy(call => ChoiceOf(call).Key).ThenBy(call => call.Rank)];
            var group = new ThreadGroup(meeting.Group.World, Array.ConvertAll(members, call => call.Owner));
            for (int r = 0; r < members.Length; r++)
                members[r].Result = new Seat(group, r);
        }
    }

    private static Choice ChoiceOf(CollectiveCall call) => call.Given as Choice ?? new Choice(0, 0);

    private static void ShareMemory(Meeting meeting)
    {
        ThreadGroup group = ((Seat)meeting.CallOf(0).Result!).Group;
        var shares = new WindowShare[group.Size];
        for (int r = 0; r < shares.Length; r++)
            shares[r] = (WindowShare)meeting.CallOf(r).Given!;
        for (int r = 0; r < shares.Length; r++)
            meeting.CallOf(r).Result = new WindowSeat(group, shares);
    }

    private static void CheckEdges(Meeting meeting)
    {
        int size = meeting.Group.Size;
        for (int from = 0; from < size; from++)
            for (int to = 0; to < size; to++)
            {
                int sent = meeting.CallOf(from).Topology!.Destinations.Count(rank => rank == to);
                int received = meeting.CallOf(to).Topology!.Sources.Count(rank => rank == from);
                if (sent != received)
                    meeting.Report(ErrorClass.Topology, $"rank {meeting.Group.WorldRankOf(from)} names rank {meeting.Group.WorldRankOf(to)} {sent} times as destination, which names it {received} times as source");
            }
    }
}
