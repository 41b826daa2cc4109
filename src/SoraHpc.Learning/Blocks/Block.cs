using System.Numerics;
using System.Text.Json.Serialization;
using SoraHpc.Diagnostics;
using SoraHpc.Learning.SubModels;

namespace SoraHpc.Learning.Blocks;

/// <summary>A building block of models: the finest thing that is composed. It says what it takes, what it gives and what it learns; memory it has
/// only as a <see cref="Layer{T}"/>.</summary>
/// <remarks>Blocks are values: a model is written to a file by its blocks' properties, so a new kind of block is named below.</remarks>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "block")]
[JsonDerivedType(typeof(Dense), "dense")]
[JsonDerivedType(typeof(Convolution2D), "convolution")]
[JsonDerivedType(typeof(MaxPooling), "max-pooling")]
[JsonDerivedType(typeof(AveragePooling), "average-pooling")]
[JsonDerivedType(typeof(Embedding), "embedding")]
[JsonDerivedType(typeof(MeanOverTime), "mean-over-time")]
[JsonDerivedType(typeof(Gru), "gru")]
[JsonDerivedType(typeof(BatchNormalise), "batch-normalise")]
[JsonDerivedType(typeof(LayerNormalise), "layer-normalise")]
[JsonDerivedType(typeof(Dropout), "dropout")]
[JsonDerivedType(typeof(Activation), "activation")]
[JsonDerivedType(typeof(Softmax), "softmax")]
[JsonDerivedType(typeof(Flatten), "flatten")]
[JsonDerivedType(typeof(Series), "series")]
[JsonDerivedType(typeof(SubModel), "sub-model")]
[JsonDerivedType(typeof(Branches), "branches")]
public abstract record Block
{
    /// <summary>What messages and tables call it: "dense(10)".</summary>
    [JsonIgnore]
    public abstract string Name { get; }

    /// <summary>The same with all that is inside of it: two blocks of the same description compute the same from the same parameters.</summary>
    [JsonIgnore]
    public virtual string Description => Name;

    /// <summary>Shape of what comes out.</summary>
    /// <exception cref="UsageException">It does not take such an input; the line names the block and the shape.</exception>
    public abstract Shape OutputOf(Shape input);

    /// <summary>What it learns, for an input it takes.</summary>
    public virtual IReadOnlyList<ParameterTensor> ParametersOf(Shape input) => [];

    /// <summary>Additions and multiplications of <see cref="Layer{T}.Forward"/> for one sample, about; backward takes about twice as many.</summary>
    public virtual long FlopsOf(Shape input) => input.Elements;

    /// <summary>Makes the layer. Local.</summary>
    public abstract Layer<T> Bind<T>(LayerContext<T> context) where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <inheritdoc/>
    public sealed override string ToString() => Name;

    /// <summary>What <see cref="OutputOf"/> throws.</summary>
    private protected UsageException Refuse(Shape input, string needed) => new($"{Name} takes {needed}, not an input of {input}");
}
