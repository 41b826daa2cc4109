namespace SoraHpc.Jobs.Training;

/// <summary>What a user did with an item.</summary>
public enum EventKind
{
    /// <summary>Looked at it.</summary>
    View,
    /// <summary>Put it into the basket.</summary>
    Basket,
    /// <summary>Bought it.</summary>
    Purchase,
}

/// <summary>A row of a table of behaviour.</summary>
/// <param name="User">From 0.</param>
/// <param name="Item">From 0.</param>
/// <param name="Kind">What was done.</param>
/// <param name="Day">When [days], from 0.</param>
public readonly record struct UserEvent(long User, int Item, EventKind Kind, int Day);
