namespace SoraHpc.Learning.Streams;

/// <summary>What a window of a stream came to; the same on every rank.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Rows">Its rows.</param>
/// <param name="Learnt">Rows learnt from: all, or after an alarm those since the change, and at least a batch.</param>
/// <param name="Right">Of them, rows whose class the model told before it learnt from them; −1 for the first window.</param>
/// <param name="AlarmRow">The row, among the rows of the window from 0, at which the detector said that something had changed; −1: none.</param>
/// <param name="Loss">Mean loss of the last epoch.</param>
public sealed record WindowOutcome(int Number, long Rows, long Learnt, long Right, long AlarmRow, double Loss)
{
    /// <summary>Share of rows whose class the model told before it learnt from them; NaN for the first window.</summary>
    public double Accuracy => Right < 0 ? double.NaN : (double)Right / Rows;

    /// <summary>Whether the model started anew: in the first window, and after an alarm.</summary>
    public bool StartedAnew => Right < 0 || AlarmRow >= 0;
}
