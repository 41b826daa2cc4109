namespace SoraHpc.Jobs.Weather;

/// <summary>Mixes layers that are warmer than the dry adiabat allows with those above them.</summary>
/// <remarks>
/// Manabe, Strickler, J. Atmos. Sci. 21 (1964) 361–385, for the dry adiabat; but not by sweeps until little changes: layers that mix are joined
/// into one block, which may then have to be joined with the next. One pass, and exactly the profile that repeated mixing tends to.
/// </remarks>
internal static class DryConvection
{
    /// <summary>Adjusts; keeps the sum of the temperatures, which is the enthalpy of layers of equal mass, to rounding.</summary>
    /// <param name="temperatures">Of the layers from the top down [K].</param>
    /// <param name="exner">(p / p_s)^κ of the layers.</param>
    /// <returns>Layers that were mixed.</returns>
    internal static int Adjust(Span<double> temperatures, ReadOnlySpan<double> exner)
    {
        Span<(double Heat, double Exner, int End)> blocks = stackalloc (double, double, int)[Column.MostLayers];
        int count = 0, mixed = 0;
        for (int l = 0; l < temperatures.Length; l++)
        {
            (double Heat, double Exner, int End) block = (temperatures[l], exner[l], l + 1);
            // Potential temperature must not grow downwards: a / b < c / d is a d < c b.
            while (count > 0 && blocks[count - 1].Heat * block.Exner < block.Heat * blocks[count - 1].Exner)
            {
                count--;
                block = (blocks[count].Heat + block.Heat, blocks[count].Exner + block.Exner, block.End);
            }
            blocks[count++] = block;
        }
        for (int b = 0, begin = 0; b < count; begin = blocks[b++].End)
        {
            if (blocks[b].End - begin == 1)
                continue;
            double potential = blocks[b].Heat / blocks[b].Exner;
            for (int l = begin; l < blocks[b].End; l++)
                temperatures[l] = potential * exner[l];
            mixed += blocks[b].End - begin;
        }
        return mixed;
    }
}
