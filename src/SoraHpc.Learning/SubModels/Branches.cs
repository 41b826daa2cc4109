using System.Numerics;
using System.Text.Json.Serialization;
using SoraHpc.Diagnostics;
using SoraHpc.Learning.Blocks;

namespace SoraHpc.Learning.SubModels;

/// <summary>Sub-models in parallel: all see the same input, or columns of it, and a rule makes one output of theirs. In a series with what comes
/// after it, it is a hybrid.</summary>
/// <param name="SubModels">1 to 62, each with a title of its own.</param>
/// <param name="Rule">What becomes of their outputs.</param>
/// <param name="Sharings">Who learns with whose parameters; null: nobody.</param>
[method: JsonConstructor]
public sealed record Branches(IReadOnlyList<SubModel> SubModels, CombiningRule Rule, IReadOnlyList<Sharing>? Sharings = null) : Block
{
    private const int MostSubModels = 62;

    /// <param name="rule">What becomes of their outputs.</param>
    /// <param name="subModels">1 to 62, each with a title of its own.</param>
    public Branches(CombiningRule rule, params SubModel[] subModels) : this(subModels, rule) { }

    /// <summary>Side by side.</summary>
    public IReadOnlyList<SubModel> SubModels { get; } = Checked(SubModels);

    /// <summary>What becomes of their outputs.</summary>
    public CombiningRule Rule { get; } = Enum.IsDefined(Rule) ? Rule : throw new UsageException($"there is no combining rule {Rule}: take {string.Join(", ", Enum.GetNames<CombiningRule>())}");

    /// <inheritdoc/>
    public override string Name => $"parallel({string.Join(", ", SubModels.Select(each => each.Title))}; {Rule.ToString().ToLowerInvariant()})";

    /// <summary>"parallel(sub-model a(…), sub-model b(…); mean; b shares 2 blocks of a)".</summary>
    public override string Description => $"parallel({string.Join(", ", SubModels.Select(each => each.Description))}; {Rule.ToString().ToLowerInvariant()}"
        + $"{string.Concat((Sharings ?? []).Select(sharing => $"; {sharing.Borrower} shares {sharing.Blocks} blocks of {sharing.Owner}"))})";

    /// <inheritdoc/>
    public override Shape OutputOf(Shape input)
    {
        Shape[] given = OutputsOf(input);
        CheckSharings(input);
        return Rule == CombiningRule.Concatenate ? new(given.Sum(shape => shape.Elements)) : given[0];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<ParameterTensor> ParametersOf(Shape input) =>
        [.. SubModels.SelectMany(each => each.ParametersOf(input).Skip(BorrowedBy(each, input)).Select(tensor => tensor with { Name = $"{each.Title}/{tensor.Name}" })),
            .. Head(input) is { } head ? head.ParametersOf(Joined(input)).Select(tensor => tensor with { Name = $"combined/{tensor.Name}" }) : []];

    /// <inheritdoc/>
    public override long FlopsOf(Shape input) => SubModels.Sum(each => each.FlopsOf(input)) + (Head(input)?.FlopsOf(Joined(input)) ?? Joined(input).Elements);

    /// <inheritdoc/>
    public override Layer<T> Bind<T>(LayerContext<T> context) => new BranchesLayer<T>(context, this);

    /// <summary>All outputs, one sub-model's after the other's.</summary>
    internal Shape Joined(Shape input) => new(SubModels.Sum(each => each.OutputOf(input).Elements));

    /// <summary>What is learnt of the rule; null where nothing is.</summary>
    internal Dense? Head(Shape input) => Rule == CombiningRule.Learned ? new(SubModels[0].OutputOf(input).Elements) : null;

    /// <summary>The sub-model whose first parameters this one uses, and how many; 0 of itself where it shares nothing.</summary>
    internal (int Owner, int Parameters) OwnerFor(SubModel borrower, Shape input) =>
        Sharings?.FirstOrDefault(sharing => sharing.Borrower == borrower.Title) is { } found
            ? (IndexOf(found.Owner), CountOf(borrower, input, Math.Min(found.Blocks, borrower.Body.Blocks.Count)))
            : (IndexOf(borrower.Title), 0);

    private static IReadOnlyList<SubModel> Checked(IReadOnlyList<SubModel> subModels) =>
        subModels.Count is < 1 or > MostSubModels ? throw new UsageException($"{subModels.Count} sub-models in parallel: give 1 to {MostSubModels}, or parallel ones inside of them")
        : subModels.GroupBy(each => each.Title).FirstOrDefault(group => group.Count() > 1) is { } twice ? throw new UsageException($"two sub-models are called {twice.Key}: give each a name of its own")
        : subModels;

    private Shape[] OutputsOf(Shape input)
    {
        Shape[] given = [.. SubModels.Select(each => each.OutputOf(input))];
        bool needsRows = Rule is CombiningRule.Concatenate or CombiningRule.Learned or CombiningRule.Vote;
        for (int i = 0; i < given.Length; i++)
        {
            if (Rule != CombiningRule.Concatenate && !given[i].Equals(given[0]))
                throw new UsageException($"{SubModels[0].Name} gives {given[0]} and {SubModels[i].Name} gives {given[i]}: the rule {Rule.ToString().ToLowerInvariant()} needs equal shapes");
            if (needsRows && given[i].Rank != 1)
                throw new UsageException($"{SubModels[i].Name} gives {given[i]}, and the rule {Rule.ToString().ToLowerInvariant()} needs rows (end it with a flatten)");
        }
        return given;
    }

    private void CheckSharings(Shape input)
    {
        foreach (Sharing sharing in Sharings ?? [])
        {
            int owner = IndexOf(sharing.Owner), borrower = IndexOf(sharing.Borrower);
            if (owner >= borrower)
                throw new UsageException($"{sharing.Borrower} cannot share the parameters of {sharing.Owner}: the owner comes first");
            if (Sharings!.Count(each => each.Borrower == sharing.Borrower) > 1 || Sharings!.Any(each => each.Borrower == sharing.Owner))
                throw new UsageException($"{sharing.Borrower} shares parameters of {sharing.Owner} and somebody is named twice: name one owner, which borrows nothing itself");
            if (sharing.Blocks < 1 || sharing.Blocks > Math.Min(SubModels[owner].Body.Blocks.Count, SubModels[borrower].Body.Blocks.Count))
                throw new UsageException($"{sharing.Owner} and {sharing.Borrower} cannot share {sharing.Blocks} blocks: they have {SubModels[owner].Body.Blocks.Count} and {SubModels[borrower].Body.Blocks.Count}");
            CheckSame(SubModels[owner], SubModels[borrower], sharing.Blocks, input);
        }
    }

    private static void CheckSame(SubModel owner, SubModel borrower, int blocks, Shape input)
    {
        for (int i = 0; i < blocks; i++)
            if (owner.Body.Blocks[i].GetType() != borrower.Body.Blocks[i].GetType())
                throw new UsageException($"{owner.Name} and {borrower.Name} cannot share block {i}: it is {owner.Body.Blocks[i].Name} and {borrower.Body.Blocks[i].Name}");
        int count = CountOf(owner, input, blocks);
        ParameterTensor[] first = [.. owner.ParametersOf(input).Take(count)], second = [.. borrower.ParametersOf(input).Take(CountOf(borrower, input, blocks))];
        for (int i = 0; i < Math.Max(first.Length, second.Length); i++)
        {
            if (i >= first.Length || i >= second.Length || !first[i].Shape.Equals(second[i].Shape))
                throw new UsageException($"{owner.Name} and {borrower.Name} cannot share parameters: {Told(first, i)} against {Told(second, i)}");
            if (first[i].Kind == ParameterKind.Statistic)
                throw new UsageException($"{owner.Name} and {borrower.Name} cannot share {first[i].Name}, a moving average: share the blocks before it");
        }

        static string Told(ParameterTensor[] tensors, int i) => i < tensors.Length ? $"{tensors[i].Name} of {tensors[i].Shape}" : "none";
    }

    private int BorrowedBy(SubModel each, Shape input) => OwnerFor(each, input).Parameters;

    private static int CountOf(SubModel subModel, Shape input, int blocks)
    {
        Shape[] shapes = subModel.Body.ShapesFor(subModel.InputOf(input));
        return Enumerable.Range(0, blocks).Sum(i => subModel.Body.Blocks[i].ParametersOf(shapes[i]).Count);
    }

    private int IndexOf(string title)
    {
        for (int i = 0; i < SubModels.Count; i++)
            if (SubModels[i].Title == title)
                return i;
        throw new UsageException($"there is no sub-model {title}: there are {string.Join(", ", SubModels.Select(each => each.Title))}");
    }
}
