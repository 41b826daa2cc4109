namespace SoraHpc.Communication;

/// <summary>
/// What one rank keeps while the body is called again after the death of others, and what is lost with the rank itself. One object of a
/// type; those that are <see cref="IDisposable"/> are disposed when the rank leaves the run, latest first. Used by the rank's own thread.
/// </summary>
public sealed class RankMemory
{
    private readonly List<object> kept = [], borrowed = [];

    internal RankMemory()
    {
    }

    /// <summary>The object of this type kept here; made and kept on the first call. Local.</summary>
    public T Get<T>(Func<T> create) where T : class
    {
        foreach (object known in kept)
            if (known is T found)
                return found;
        T made = create();
        kept.Add(made);
        return made;
    }

    /// <summary>Keeps an object of the caller's, who disposes it: what is to outlive the run. Before anything of its type is kept here. Local.</summary>
    /// <exception cref="InvalidOperationException">One of this type is kept here already.</exception>
    internal void Lend<T>(T lent) where T : class
    {
        if (kept.Exists(known => known is T))
            throw new InvalidOperationException($"a {typeof(T).Name} is kept here already");
        kept.Add(lent);
        borrowed.Add(lent);
    }

    /// <summary>Disposes what is kept and not lent. All of it, also when something fails, whose failure is thrown then.</summary>
    internal void Clear()
    {
        List<Exception> failures = [];
        while (kept.Count > 0)
        {
            object last = kept[^1];
            kept.RemoveAt(kept.Count - 1);
            try
            {
                if (!borrowed.Contains(last))
                    (last as IDisposable)?.Dispose();
            }
            catch (Exception failure)
            {
                failures.Add(failure);
            }
        }
        if (failures.Count > 0)
            throw failures[0];
    }
}
