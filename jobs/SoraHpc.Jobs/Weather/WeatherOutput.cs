using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.Diagnostics.Pictures;
using SoraHpc.Storage;
using SoraHpc.Storage.Checkpoints;
using SoraHpc.Storage.Conventions;

namespace SoraHpc.Jobs.Weather;

/// <summary>The forecast's file, written by all ranks together, and its picture, drawn by the root. Every method is collective.</summary>
internal sealed class WeatherOutput : IDisposable
{
    private readonly WeatherOptions options;
    private readonly WilliamsonCase? test;
    private readonly Communicator communicator;
    private readonly LatLonOutput fields;
    private readonly CfFile? file;
    private readonly (Hdf5Dataset Dataset, double[] Values)[] variables = [];
    private int written;

    /// <param name="times">Model times that will be written [s].</param>
    /// <param name="physics">Whose fields are written too; null: none.</param>
    internal WeatherOutput(WeatherInput input, Communicator communicator, IReadOnlyList<double> times, WeatherPhysics? physics)
    {
        (options, test, this.communicator) = (input.Options, input.Case, communicator);
        fields = new(input.Model, LatLonGrid.CellCentred(options.OutputRows), input.OwnerOf, communicator,
            physics is null ? null : [physics.SurfaceTemperature, physics.NetRadiation, physics.OutgoingLongwave]);
        if (options.Output is null)
            return;
        file = CfFile.Create(options.Output, communicator, $"Shallow-water forecast: {Start}");
        try
        {
            file.AddCoordinate("time", [.. times.Select(seconds => seconds / 3600)], options.Physics is { } columns ? FlowVariables.TimeSince(columns.Date) : FlowVariables.Time);
            FlowVariables.AddGrid(file, fields.Grid);
            if (test is not null)
                FlowVariables.WriteCase(file, test);
            variables =
            [
                (Add("height", FlowVariables.Height), fields.Surface),
                (Add("u", FlowVariables.Eastward), fields.Eastward),
                (Add("v", FlowVariables.Northward), fields.Northward),
                (Add("relative_vorticity", FlowVariables.Vorticity), fields.Vorticity),
                .. physics is null ? [] : ((Hdf5Dataset, double[])[])
                [
                    (Add("surface_temperature", FlowVariables.SurfaceTemperature), fields.Further[0]),
                    (Add("net_radiation", FlowVariables.NetRadiation), fields.Further[1]),
                    (Add("outgoing_longwave", FlowVariables.OutgoingLongwave), fields.Further[2]),
                ],
            ];
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private string Start => test is not null ? $"Williamson et al. 1992, case {test.Number}, {test.Title}" : Path.GetFileName(options.DataFile)!;

    /// <summary>Writes the state as it is, as the next of the times.</summary>
    internal void Write()
    {
        fields.Collect();
        WriteNext();
    }

    /// <summary>Hands over the states written so far: the file they are in is not whole, and a run that goes on writes another. Collective.</summary>
    internal void Save(CheckpointWriter checkpoint)
    {
        checkpoint.AddShared("states-written", [written]);
        foreach ((Hdf5Dataset dataset, double[] values) in variables)
        {
            double[] all = new double[written * values.Length];
            for (int state = 0; state < written; state++)
                dataset.Read(SlabOf(state), all.AsSpan(state * values.Length, values.Length));
            checkpoint.AddElements<double>(NameOf(dataset), (long)written * fields.Grid.Rows, RowsOf(written), all, fields.Grid.Columns);
        }
    }

    /// <summary>Writes them again; the last stays at hand, as after <see cref="Write"/>. Collective.</summary>
    internal void Restore(CheckpointReader checkpoint)
    {
        int count = checkpoint.ReadShared<int>("states-written")[0];
        written = 0;
        double[][] all = [.. variables.Select(variable => new double[count * variable.Values.Length])];
        for (int v = 0; v < variables.Length; v++)
            checkpoint.ReadElements<double>(NameOf(variables[v].Dataset), (long)count * fields.Grid.Rows, RowsOf(count), all[v], fields.Grid.Columns);
        while (written < count)
        {
            for (int v = 0; v < variables.Length; v++)
                all[v].AsSpan(written * variables[v].Values.Length, variables[v].Values.Length).CopyTo(variables[v].Values);
            WriteNext();
        }
    }

    private void WriteNext()
    {
        foreach ((Hdf5Dataset dataset, double[] values) in variables)
            dataset.Write<double>(SlabOf(written), values);
        written++;
    }

    private Hyperslab SlabOf(int state) => new([state, fields.FirstRow, 0], [1, fields.Rows, fields.Grid.Columns]);

    // A row of a state is an element of its own, numbered through all states.
    private ElementRange[] RowsOf(int states) => fields.Rows == 0 ? []
        : [.. Enumerable.Range(0, states).Select(state => new ElementRange((long)state * fields.Grid.Rows + fields.FirstRow, fields.Rows))];

    private static string NameOf(Hdf5Dataset dataset) => "written-" + dataset.Name;

    /// <summary>Puts the file in its place and draws the last state written.</summary>
    internal void Finish(WeatherSummary summary)
    {
        if (file is not null)
        {
            WriteSummary(file.File.Attributes, summary);
            file.Commit();
        }
        if (options.Picture is not null)
            Draw(options.Picture, summary.Hours);
    }

    /// <inheritdoc/>
    public void Dispose() => file?.Dispose();

    private Hdf5Dataset Add(string name, CfAttributes attributes) => FlowVariables.Add(file!, name, attributes, "time", "latitude", "longitude");

    private void WriteSummary(Hdf5Attributes attributes, WeatherSummary summary)
    {
        attributes.WriteString("source", $"Discontinuous Galerkin spectral elements on a cubed sphere, {options.Elements} elements of 4 x 4 nodes along a panel");
        attributes.Write("time_step_seconds", summary.LongestStep);
        attributes.Write("relative_mass_drift", summary.MassDrift);
        if (summary.Dynamics == Dynamics.ShallowWater)
        {
            attributes.Write("relative_energy_drift", summary.EnergyDrift);
            attributes.Write("relative_potential_enstrophy_drift", summary.PotentialEnstrophyDrift);
        }
        if (summary.Errors is { } errors)
            attributes.Write<double>("height_error_norms_l1_l2_linf", [errors.L1, errors.L2, errors.LInfinity]);
    }

    private void Draw(string path, double hours)
    {
        double[] height = communicator.Gatherv<double>(fields.Surface), eastward = communicator.Gatherv<double>(fields.Eastward);
        double[] northward = communicator.Gatherv<double>(fields.Northward);
        if (!communicator.IsRoot)
            return;
        LatLonGrid grid = fields.Grid;
        LatLonField field = new(height, [.. Enumerable.Range(0, grid.Rows).Select(grid.LatitudeOf)], [.. Enumerable.Range(0, grid.Columns).Select(grid.LongitudeOf)]);
        string svg = FieldMap.Draw(field, new FieldMapOptions
        {
            Title = "Height of the free surface and wind",
            Subtitle = FormattableString.Invariant($"{Start}, after {hours:G6} h"),
            Quantity = "height",
            Unit = "m",
        }, new WindField(eastward, northward));
        TextFile.Write(path, svg, "picture");
    }
}
