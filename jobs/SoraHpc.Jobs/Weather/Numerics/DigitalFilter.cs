namespace SoraHpc.Jobs.Weather;

/// <summary>
/// Takes fast gravity waves out of a start: runs the model some hours forward and some hours back, and takes the weighted mean of the
/// states, with weights that let slow motion pass and stop what is faster than a cutoff. Back in time means reversed winds on a planet
/// that turns the other way: the equations are the same, and the dissipation still dissipates.
/// </summary>
/// <remarks>Source: Lynch and Huang, Mon. Wea. Rev. 120 (1992) 1019–1034: ideal low-pass response, Lanczos window.</remarks>
public static class DigitalFilter
{
    /// <summary>Filters the model's state at the present time. Collective.</summary>
    /// <param name="hours">Span to either side, &gt; 0; also half the cutoff period.</param>
    public static void Apply(ShallowWaterModel model, double hours)
    {
        double span = hours * 3600;
        int steps = (int)Math.Ceiling(span / (0.8 * model.StableTimeStep()));
        double[] weights = Weights(steps), start = model.Owned.ToArray(), filtered = new double[start.Length];
        Accumulate(filtered, weights[0], model.Owned);
        for (int direction = 0; direction < 2; direction++)
        {
            start.CopyTo(model.Owned);
            if (direction == 1)
                Reverse(model);
            for (int step = 1; step <= steps; step++)
            {
                model.Step(span / steps);
                if (direction == 1)
                    Reverse(model.Owned);
                Accumulate(filtered, weights[step], model.Owned);
                if (direction == 1)
                    Reverse(model.Owned);
            }
        }
        model.Coefficients.ReverseRotation();
        filtered.CopyTo(model.Owned);
    }

    /// <summary>Weights of the state k steps away, k = 0 … <paramref name="steps"/>; with both sides they sum to 1.</summary>
    public static double[] Weights(int steps)
    {
        double[] weights = new double[steps + 1];
        double cutoff = Math.PI / steps, sum = 0;       // ω·Δt of a period twice the span to one side
        for (int k = 0; k <= steps; k++)
        {
            double window = Math.PI * k / (steps + 1);
            weights[k] = k == 0 ? cutoff / Math.PI : Math.Sin(cutoff * k) / (Math.PI * k) * (Math.Sin(window) / window);
            sum += k == 0 ? weights[k] : 2 * weights[k];
        }
        for (int k = 0; k <= steps; k++)
            weights[k] /= sum;
        return weights;
    }

    private static void Accumulate(Span<double> sum, double weight, ReadOnlySpan<double> state)
    {
        for (int i = 0; i < sum.Length; i++)
            sum[i] += weight * state[i];
    }

    private static void Reverse(ShallowWaterModel model)
    {
        model.Coefficients.ReverseRotation();
        Reverse(model.Owned);
    }

    private static void Reverse(Span<double> state)
    {
        for (int at = 0; at < state.Length; at += Layout.State)
            foreach (ref double momentum in state.Slice(at + Layout.MomentumX, Layout.State - Layout.MomentumX))
                momentum = -momentum;
    }
}
