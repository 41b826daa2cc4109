namespace SoraHpc.Learning.Graph;

/// <summary>What a particle of a model is.</summary>
public enum ParticleKind
{
    /// <summary>All weights of one unit or channel: a column of the block's matrix.</summary>
    Weight,
    /// <summary>The weights between one channel that comes in and one unit.</summary>
    Connection,
    /// <summary>What one unit gives.</summary>
    Activation,
}

/// <summary>A part of a trained model.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Block">The block's place in the series.</param>
/// <param name="Source">The channel that comes in, of a connection; else −1.</param>
/// <param name="Unit">The unit or channel that goes out.</param>
public readonly record struct ModelParticle(ParticleKind Kind, int Block, int Source, int Unit);
