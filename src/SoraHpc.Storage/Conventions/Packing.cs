namespace SoraHpc.Storage.Conventions;

/// <summary>How CF stores a quantity in other numbers: value = stored · scale_factor + add_offset, and what stands for "no value".</summary>
/// <param name="Scale">scale_factor, 1 when absent.</param>
/// <param name="Offset">add_offset, 0 when absent.</param>
/// <param name="FillValue">_FillValue, as stored; null when absent.</param>
/// <param name="MissingValue">missing_value, as stored; null when absent.</param>
/// <remarks>Source: CF-1.8, sections 2.5.1 and 8.1.</remarks>
public sealed record Packing(double Scale, double Offset, double? FillValue, double? MissingValue)
{
    /// <summary>Reads the attributes of a variable.</summary>
    public static Packing Of(Hdf5Attributes attributes) => new(
        attributes.TryRead("scale_factor", out double scale) ? scale : 1,
        attributes.TryRead("add_offset", out double offset) ? offset : 0,
        attributes.TryRead("_FillValue", out double fill) ? fill : null,
        attributes.TryRead("missing_value", out double missing) ? missing : null);

    /// <summary>Turns stored numbers into values, in place; NaN where there is no value.</summary>
    public void Unpack(Span<double> numbers)
    {
        // NaN equals nothing, so an absent marker matches no number.
        double fill = FillValue ?? double.NaN, missing = MissingValue ?? double.NaN;
        if (Scale == 1 && Offset == 0 && FillValue is null && MissingValue is null)
            return;
        for (int i = 0; i < numbers.Length; i++)
        {
            double stored = numbers[i];
            numbers[i] = stored == fill || stored == missing ? double.NaN : stored * Scale + Offset;
        }
    }
}
