namespace SoraHpc.Runtime.Stealing;

/// <summary>Where a rank without tasks looks for some. A struct, so that the choice costs no virtual call; one instance per rank.</summary>
public interface IVictimSelector
{
    /// <summary>The rank to look at next; in [0, ranks) and never the thief itself. Asked only when there are two ranks or more.</summary>
    int Next();

    /// <summary>Told after every look whether tasks were found there.</summary>
    void Report(int victim, bool found);

    /// <summary>Told once, when the pool is made, which ranks share memory with the thief: those are cheaper to steal from.</summary>
    /// <param name="mates">Ascending, with the thief.</param>
    void Settle(ReadOnlySpan<int> mates) { }
}
