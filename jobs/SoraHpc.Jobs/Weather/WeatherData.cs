using SoraHpc.Communication;
using SoraHpc.Storage;
using SoraHpc.Storage.Conventions;

namespace SoraHpc.Jobs.Weather;

/// <summary>Makes initial states to start from.</summary>
public static class WeatherData
{
    /// <summary>
    /// Writes a case of the standard test set at time 0 as CF variables over (latitude, longitude): <c>height</c> of the free surface
    /// and <c>surface_height</c> of the bottom [m], <c>u</c>, <c>v</c> [m s⁻¹]; the file's attributes name the case. Collective.
    /// </summary>
    /// <param name="rows">Rows over the globe, ≥ 4; twice as many columns.</param>
    /// <param name="communicator">Ranks that write together; null: this process alone.</param>
    public static void Write(string path, WilliamsonCase test, int rows = 360, Communicator? communicator = null)
    {
        LatLonGrid grid = LatLonGrid.CellCentred(rows);
        (int rank, int ranks) = (communicator?.Rank ?? 0, communicator?.Size ?? 1);
        int first = (int)((long)rows * rank / ranks), count = (int)((long)rows * (rank + 1) / ranks) - first;
        using CfFile file = CfFile.Create(path, communicator, $"Williamson et al. 1992, case {test.Number}: {test.Title}, initial state");
        FlowVariables.AddGrid(file, grid);
        FlowVariables.WriteCase(file, test);
        string[] dimensions = ["latitude", "longitude"];
        Hdf5Dataset height = FlowVariables.Add(file, "height", FlowVariables.Height, dimensions);
        Hdf5Dataset bottom = FlowVariables.Add(file, "surface_height", FlowVariables.Bottom, dimensions);
        Hdf5Dataset eastward = FlowVariables.Add(file, "u", FlowVariables.Eastward, dimensions);
        Hdf5Dataset northward = FlowVariables.Add(file, "v", FlowVariables.Northward, dimensions);

        LatLonRows values = Evaluate(test, grid, first, count);
        Hyperslab slab = new([first, 0], [count, grid.Columns]);
        height.Write<double>(slab, values.Surface);
        bottom.Write<double>(slab, values.Bottom);
        eastward.Write<double>(slab, values.Eastward);
        northward.Write<double>(slab, values.Northward);
        file.Commit();
    }

    /// <summary>Rows of a case at time 0. Local.</summary>
    public static LatLonRows Evaluate(WilliamsonCase test, LatLonGrid grid, int firstRow, int rows)
    {
        int points = rows * grid.Columns;
        LatLonRows values = new(firstRow, rows, new double[points], new double[points], new double[points], new double[points]);
        for (int i = 0; i < points; i++)
        {
            GeoPoint point = grid.PointAt(firstRow + i / grid.Columns, i % grid.Columns);
            FlowState state = test.At(point.Direction, 0);
            (values.Surface[i], values.Bottom[i]) = (state.Surface, state.Bottom);
            (values.Eastward[i], values.Northward[i]) = (state.Wind.Dot(point.East), state.Wind.Dot(point.North));
        }
        return values;
    }
}
