using SoraHpc.Communication;
using SoraHpc.RankPrograms;

// One verb per behaviour that only whole processes can show: SoraHpc.RankPrograms VERB, under mpiexec.
if (args is ["survive", var place, var mode, ..])
    return Mortality.Run(place, mode, args is [_, _, _, var deaths] ? int.Parse(deaths) : 1);
if (args is ["survive-random", var making, var how, var seed])
    return Mortality.RunRandom(making, how, int.Parse(seed));
if (args is ["cost", var kind])
    return SurvivalCost.Run(kind == "survive");
WorldOptions options = new() { ThreadLevel = args is [_, var level, ..] ? Enum.Parse<ThreadLevel>(level) : ThreadLevel.Funneled };
return args is [var verb, ..] && Verbs.All.TryGetValue(verb, out Action<Communicator>? body)
    ? World.Run(body, options)
    : Usage();

static int Usage()
{
    Console.Error.WriteLine($"verbs: {string.Join(", ", Verbs.All.Keys.Order())}");
    return 2;
}
