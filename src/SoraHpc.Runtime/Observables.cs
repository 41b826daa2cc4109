using SoraHpc.Communication;
using SoraHpc.Communication.Reductions;

namespace SoraHpc.Runtime;

/// <summary>
/// Quantities followed over ranks while a job runs: mass, energy, extremes. Sums are exact before they are rounded once, so a
/// value has the same bits on any number of ranks. All ranks contribute the same names in the same order, every time. Local; a sync protocol combines
/// (<see cref="Synchronization.SyncPoint.Combine"/>).
/// </summary>
public sealed class Observables
{
    private enum Combination { Sum, Min, Max }

    private sealed class Quantity(string name, Combination combination)
    {
        internal string Name { get; } = name;
        internal Combination Combination { get; } = combination;
        internal ExactSum? Sum { get; } = combination == Combination.Sum ? new ExactSum() : null;
        internal double Local, Value = double.NaN;
    }

    private readonly List<Quantity> quantities = [];
    private int next;

    /// <summary>Names and values of the last combination, in the order they were contributed.</summary>
    public IEnumerable<KeyValuePair<string, double>> Values => quantities.Select(q => KeyValuePair.Create(q.Name, q.Value));

    /// <summary>The last combined value of a quantity; NaN before the first.</summary>
    /// <exception cref="KeyNotFoundException">Nothing of that name was ever contributed.</exception>
    public double this[string name] => quantities.Find(q => q.Name == name)?.Value
        ?? throw new KeyNotFoundException($"no observable \"{name}\"; there are: {string.Join(", ", quantities.Select(q => q.Name))}");

    /// <summary>The exact sum to add this rank's terms to, emptied; what is added is summed over all ranks and rounded once.</summary>
    /// <exception cref="InvalidOperationException">Another quantity came at this place before.</exception>
    public ExactSum Sum(string name)
    {
        ExactSum sum = Next(name, Combination.Sum).Sum!;
        sum.Clear();
        return sum;
    }

    /// <summary>The largest over ranks; <paramref name="value"/> is this rank's, −∞ where it has none.</summary>
    /// <exception cref="InvalidOperationException">Another quantity came at this place before.</exception>
    public void Max(string name, double value) => Next(name, Combination.Max).Local = value;

    /// <summary>The smallest over ranks; <paramref name="value"/> is this rank's, +∞ where it has none.</summary>
    /// <exception cref="InvalidOperationException">Another quantity came at this place before.</exception>
    public void Min(string name, double value) => Next(name, Combination.Min).Local = value;

    internal void Begin() => next = 0;

    /// <summary>Combines all quantities over the ranks. Collective.</summary>
    internal void Combine(Communicator communicator)
    {
        foreach (Quantity quantity in quantities)
            quantity.Value = quantity.Combination switch
            {
                Combination.Sum => quantity.Sum!.Allreduce(communicator),
                Combination.Max => communicator.Allreduce(quantity.Local, ReduceOperation.Max),
                _ => communicator.Allreduce(quantity.Local, ReduceOperation.Min),
            };
    }

    // The first round makes the quantities; later rounds find them in order, without a search or an allocation.
    private Quantity Next(string name, Combination combination)
    {
        if (next == quantities.Count)
            quantities.Add(new(name, combination));
        Quantity quantity = quantities[next++];
        return quantity.Name == name && quantity.Combination == combination ? quantity
            : throw new InvalidOperationException($"observable \"{name}\" comes where \"{quantity.Name}\" came before: contribute the same ones in the same order");
    }
}
