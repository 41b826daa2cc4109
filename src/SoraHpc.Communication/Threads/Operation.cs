namespace SoraHpc.Communication.Threads;

/// <summary>Something a rank has started and another rank may complete: a transfer or a collective call. Belongs to one rank,
/// which alone rents, finishes and reuses it.</summary>
internal abstract class Operation(ThreadRank owner)
{
    internal ThreadRank Owner { get; } = owner;

    /// <summary>The operation in the standard's words, for messages.</summary>
    internal abstract string Call { get; }

    /// <summary>True when nothing of it is left to do and its buffers are its owner's again.</summary>
    internal abstract bool IsDone { get; }

    /// <summary>Why it can never be done any more, or null.</summary>
    /// <param name="blocked">True when the owner itself waits, so that it cannot be the one who helps.</param>
    internal abstract string? WhyStuck(bool blocked);

    /// <summary>Does a share of work that is open to whoever waits.</summary>
    internal virtual void Help() { }

    /// <summary>The outcome of an operation that is done; throws its error. The operation may be reused afterwards.</summary>
    internal abstract Status Finish();

    /// <summary>Gives the operation up: when this returns, no other rank touches its buffers.</summary>
    internal abstract void Withdraw();

    /// <summary>Waits until it is done; withdrawn when that fails.</summary>
    internal void Wait()
    {
        if (IsDone)
            return;
        try
        {
            var done = new Done(this);
            Owner.Wait(ref done, Call);
        }
        catch
        {
            Withdraw();
            throw;
        }
    }

    private readonly struct Done(Operation operation) : ICondition
    {
        public bool Holds()
        {
            operation.Help();
            return operation.IsDone;
        }

        public string? WhyStuck() => operation.WhyStuck(blocked: true);
    }
}
