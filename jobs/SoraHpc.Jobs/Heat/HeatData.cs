using SoraHpc.Storage;

namespace SoraHpc.Jobs.Heat;

/// <summary>Makes a plate to start from.</summary>
public static class HeatData
{
    /// <summary>
    /// Writes dataset <c>temperature</c> (rows, columns) [K above the edge]: 100·sin(π y)·sin(π x) with the edge one cell beyond the
    /// first and last. The explicit scheme multiplies this shape by the same factor every step, so the exact answer is known.
    /// </summary>
    /// <param name="rows">≥ 1.</param>
    /// <param name="columns">≥ 1.</param>
    public static void Write(string path, int rows, int columns)
    {
        double[] temperature = new double[(long)rows * columns];
        for (int row = 0; row < rows; row++)
            for (int column = 0; column < columns; column++)
                temperature[(long)row * columns + column] = 100 * Math.Sin(Math.PI * (row + 1) / (rows + 1)) * Math.Sin(Math.PI * (column + 1) / (columns + 1));
        using Hdf5File file = Hdf5File.Create(path);
        using (Hdf5Dataset dataset = file.CreateDataset<double>("temperature", [rows, columns]))
        {
            dataset.Write<double>(dataset.Whole, temperature);
            dataset.Attributes.WriteString("units", "K");
        }
        file.Commit();
    }

    /// <summary>What one step multiplies the shape by: 1 − 4 r (sin²(π/2(rows+1)) + sin²(π/2(columns+1))).</summary>
    /// <param name="diffusionNumber">r = α·Δt/Δx².</param>
    public static double DecayPerStep(int rows, int columns, double diffusionNumber) =>
        1 - 4 * diffusionNumber * (Squared(Math.Sin(Math.PI / (2.0 * (rows + 1)))) + Squared(Math.Sin(Math.PI / (2.0 * (columns + 1)))));

    private static double Squared(double x) => x * x;
}
