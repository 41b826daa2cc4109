using SoraHpc.Solvers.RandomNumbers;

namespace SoraHpc.Jobs.Training;

/// <summary>
/// A shop that is made: users' events in it, and the item each user buys next. A user likes one category above all; of a category's items some are asked for more
/// than others; what is bought next is often what was put into the basket last. A user's events are found by the user's number.
/// </summary>
public static class MadeShop
{
    /// <summary>Items of the shop; an item's category is its number modulo <see cref="Categories"/>.</summary>
    public const int Items = 96;

    /// <summary>Categories of items.</summary>
    public const int Categories = 8;

    /// <summary>Days that the events span.</summary>
    public const int Days = 90;

    private const int FewestEvents = 15, MostEvents = 45, PerUser = 512;

    private const double FavouriteShare = 0.6, BasketShare = 0.15, PurchaseShare = 0.1, FromBasketShare = 0.4;

    /// <summary>A user's events in the order in which they were, and what the user bought after them.</summary>
    public static (UserEvent[] Events, int Next) EventsOf(long user, ulong seed)
    {
        double[] random = new double[PerUser];
        new RandomSequence(seed, 0xBE4A).FillUniform(user * PerUser, random);
        int favourite = (int)(random[0] * Categories), inBasket = -1;
        UserEvent[] events = new UserEvent[FewestEvents + (int)(random[1] * (MostEvents - FewestEvents + 1))];
        for (int i = 0; i < events.Length; i++)
        {
            ReadOnlySpan<double> own = random.AsSpan(16 + 8 * i, 8);
            EventKind kind = own[0] < PurchaseShare ? EventKind.Purchase : own[0] < PurchaseShare + BasketShare ? EventKind.Basket : EventKind.View;
            events[i] = new(user, ItemFor(favourite, own[1..]), kind, (int)((i + own[4]) * Days / events.Length));
            inBasket = kind == EventKind.Basket ? events[i].Item : inBasket;
        }
        return (events, inBasket >= 0 && random[2] < FromBasketShare ? inBasket : ItemFor(favourite, random.AsSpan(3)));
    }

    // Squares of even random numbers: the first items of a category are asked for most.
    private static int ItemFor(int favourite, ReadOnlySpan<double> random)
    {
        int category = random[0] < FavouriteShare ? favourite : (int)(random[1] * Categories);
        return (int)(random[2] * random[2] * (Items / Categories)) * Categories + category;
    }
}
