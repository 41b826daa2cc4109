using SoraHpc.Diagnostics;
using SoraHpc.Learning.Blocks;
using SoraHpc.Learning.Models;

namespace SoraHpc.Jobs.Training;

/// <summary>Which digits are learnt, by which model, and how.</summary>
public sealed record DigitsOptions : NetworkOptions
{
    /// <summary>What <see cref="Data"/> says for digits that are made.</summary>
    public const string Made = "digits";

    /// <summary>A folder with the MNIST database's files, or <see cref="Made"/>. Default: made.</summary>
    public string Data { get; init; } = Made;

    /// <summary>Images to learn from where they are made, ≥ 100. Default: 12000.</summary>
    public int Images { get; init => field = value >= 100 ? value : throw new UsageException($"{value} images to learn from: give 100 or more"); } = 12_000;

    /// <summary>Images to be judged by where they are made, ≥ 100. Default: 4000.</summary>
    public int TestImages { get; init => field = value >= 100 ? value : throw new UsageException($"{value} images to be judged by: give 100 or more"); } = 4_000;

    /// <summary>Whether the model is one dense block: softmax regression. Default: a small convolution network.</summary>
    public bool IsLinear { get; init; }

    /// <summary>SVG file with some test images and what the model says; null for none.</summary>
    public string? Picture { get; init; }

    /// <summary>SVG file with loss and error by epoch; null for none.</summary>
    public string? Curve { get; init; }

    /// <summary>Folder for pictures and tables that explain the model; null for none.</summary>
    public string? Explain { get; init; }

    /// <summary>What the trained model may lose of its accuracy to become small, in (0, 1]; null, the default: it stays as it is.</summary>
    public double? Budget { get; init => field = value is null or (> 0 and <= 1) ? value : throw new UsageException(FormattableString.Invariant($"a budget of {value}: give a share in (0, 1]")); }

    /// <summary>HDF5 file for the compressed model; null for none.</summary>
    public string? Compressed { get; init; }

    /// <summary>SVG file with accuracy over size; null for none.</summary>
    public string? Sizes { get; init; }

    /// <summary>The model for images of a shape.</summary>
    public Model ModelFor(Shape images) => IsLinear
        ? new(images, new Flatten(), new Dense(DigitImages.Classes))
        : new(images, new Convolution2D(8, 5), new Activation(ActivationFunction.Relu), new MaxPooling(2), new Convolution2D(16, 5), new Activation(ActivationFunction.Relu),
            new MaxPooling(2), new Flatten(), new Dense(64), new Activation(ActivationFunction.Relu), new Dropout(0.2), new Dense(DigitImages.Classes));
}
