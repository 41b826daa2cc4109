namespace SoraHpc.Learning.Training;

/// <summary>How good a network is on some samples.</summary>
/// <param name="Samples">How many.</param>
/// <param name="Loss">Mean loss of a sample, times its weight where it has one, without penalty.</param>
/// <param name="Right">Samples whose class is predicted; 0 for a loss without classes.</param>
public readonly record struct Evaluation(long Samples, double Loss, long Right)
{
    /// <summary>Share of samples whose class is predicted, in [0, 1].</summary>
    public double Accuracy => (double)Right / Samples;
}
