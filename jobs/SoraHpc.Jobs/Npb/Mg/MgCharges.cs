using SoraHpc.Communication;

namespace SoraHpc.Jobs.Npb.Mg;

/// <summary>The right-hand side: +1 where the ten largest of n³ random numbers are, −1 where the ten smallest are, else 0.</summary>
internal static unsafe class MgCharges
{
    private const int Count = 10;

    private readonly record struct Candidate(double Value, long Place);

    /// <summary>Sets <paramref name="v"/>. Collective.</summary>
    internal static void Set(Communicator world, MgGrid v)
    {
        PriorityQueue<Candidate, double> largest = new(), smallest = new();
        Search(v, largest, smallest);
        v.Clear();
        Put(v, Merge(world, largest).OrderByDescending(candidate => candidate.Value), 1);
        Put(v, Merge(world, smallest).OrderBy(candidate => candidate.Value), -1);
    }

    // Numbers follow each other along rows, then planes.
    private static void Search(MgGrid v, PriorityQueue<Candidate, double> largest, PriorityQueue<Candidate, double> smallest)
    {
        long row = v.Points;
        NpbRandom random = new(NpbRandom.Seed);
        random.Skip((ulong)(v.First * row * row));
        double[] numbers = new double[row];
        double most = 0, least = 1;
        for (long place = v.First * row * row; place < (v.First + v.Planes) * row * row; place += row)
        {
            random.Fill(numbers);
            for (int i = 0; i < numbers.Length; i++)
            {
                if (numbers[i] > most)
                    most = Keep(largest, new(numbers[i], place + i), numbers[i], most);
                if (numbers[i] < least)
                    least = -Keep(smallest, new(numbers[i], place + i), -numbers[i], -least);
            }
        }
    }

    // The ten of highest priority stay; returns the one a newcomer has to beat, as long as there are ten.
    private static double Keep(PriorityQueue<Candidate, double> best, Candidate candidate, double priority, double bar)
    {
        best.Enqueue(candidate, priority);
        if (best.Count > Count)
            best.Dequeue();
        return best.Count == Count && best.TryPeek(out _, out double lowest) ? lowest : bar;
    }

    private static Candidate[] Merge(Communicator world, PriorityQueue<Candidate, double> own) =>
        world.Allgatherv<Candidate>([.. own.UnorderedItems.Select(item => item.Element)]);

    private static void Put(MgGrid v, IEnumerable<Candidate> ordered, double charge)
    {
        int row = v.Points;
        foreach (long place in ordered.Take(Count).Select(candidate => candidate.Place))
        {
            int plane = (int)(place / row / row);
            if (plane >= v.First && plane < v.First + v.Planes)
                v.Plane(plane)[place / row % row * v.Pitch + place % row] = charge;
        }
    }
}
