namespace SoraHpc.Learning.Explanations;

/// <summary>What each number of a sample has to do with what is predicted for it.</summary>
/// <param name="Base">What is predicted for the baseline.</param>
/// <param name="Of">One for each element of the sample, in the units of the prediction.</param>
/// <param name="Prediction">What is predicted for the sample.</param>
public sealed record Attribution(double Base, double[] Of, double Prediction)
{
    /// <summary>Prediction − base − Σ <see cref="Of"/>: what the contributions leave unexplained. Of integrated gradients it is the error of the quadrature, of
    /// gradient × input how far the model is from a linear one.</summary>
    public double Gap => Prediction - Base - Of.Sum();
}
