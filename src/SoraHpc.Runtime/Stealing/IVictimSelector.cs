namespace SoraHpc.Runtime.Stealing;

/// <summary>Where a rank without tasks looks for some. A struct, so that the choice costs no virtual call; one instance per rank.</summary>
public interface IVictimSelector
{
    /// <summary>The rank to look at next; in [0, ranks) and never the thief itself. Asked only when there are two ranks or more.</summary>
    int Next();

    /// <summary>Told after every look whether tasks were found there.</summary>
    void Report(int victim, bool found);
}
