namespace SoraHpc.Jobs.Training;

/// <summary>A user's events aggregated, and what they say about an item.</summary>
/// <param name="purchasesOf">Of every item, by all users.</param>
public sealed class BehaviourFeatures(long[] purchasesOf)
{
    // Days after which an event counts e times less.
    private const double Memory = 20;

    private readonly double[] weightOf = new double[MadeShop.Items], categoryShare = new double[MadeShop.Categories];
    private readonly int[] basketsOf = new int[MadeShop.Items], viewsOf = new int[MadeShop.Items];
    private int lastBasket;

    /// <summary>What the numbers of <see cref="Write"/> are.</summary>
    public static IReadOnlyList<string> Names { get; } = ["asked for by all", "category liked", "views", "baskets", "recent", "last in basket"];

    /// <summary>Takes another user's events, in their order.</summary>
    public void Aggregate(ReadOnlySpan<UserEvent> events)
    {
        Array.Clear(weightOf);
        Array.Clear(categoryShare);
        Array.Clear(basketsOf);
        Array.Clear(viewsOf);
        lastBasket = -1;
        foreach (UserEvent each in events)
        {
            weightOf[each.Item] += Math.Exp((each.Day - MadeShop.Days) / Memory);
            categoryShare[each.Item % MadeShop.Categories] += 1.0 / events.Length;
            viewsOf[each.Item] += each.Kind == EventKind.View ? 1 : 0;
            basketsOf[each.Item] += each.Kind == EventKind.Basket ? 1 : 0;
            lastBasket = each.Kind == EventKind.Basket ? each.Item : lastBasket;
        }
    }

    /// <summary>Writes the features of an item for this user, as many as <see cref="Names"/>.</summary>
    public void Write(int item, Span<double> features)
    {
        features[0] = double.LogP1(purchasesOf[item]);
        features[1] = categoryShare[item % MadeShop.Categories];
        features[2] = double.LogP1(viewsOf[item]);
        features[3] = double.LogP1(basketsOf[item]);
        features[4] = weightOf[item];
        features[5] = item == lastBasket ? 1 : 0;
    }
}
