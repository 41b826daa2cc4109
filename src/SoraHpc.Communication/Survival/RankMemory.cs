namespace SoraHpc.Communication;

/// <summary>
/// What one rank keeps while the body is called again after the death of others, and what is lost with the rank itself. One object of a
/// type; those that are <see cref="IDisposable"/> are disposed when the rank leaves the run, latest first. Used by the rank's own thread.
/// </summary>
public sealed class RankMemory
{
    private readonly List<object> kept = [];

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

    /// <summary>Disposes what is kept. All of it, also when something fails, whose failure is thrown then.</summary>
    internal void Clear()
    {
        List<Exception> failures = [];
        while (kept.Count > 0)
        {
            object last = kept[^1];
            kept.RemoveAt(kept.Count - 1);
            try
            {
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
