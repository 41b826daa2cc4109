using System.CommandLine;
using SoraHpc.Cli.CommandLine;

namespace SoraHpc.Cli.Data;

/// <summary><c>sora data NAME</c>: makes the files that jobs start from.</summary>
internal static class DataCommand
{
    internal static Command Create()
    {
        var data = new Verb("data", "Makes a data set for a job.", "sora data weather --case 5 --output case5.h5");
        DataSetCommand[] sets =
        [
            new WeatherDataCommand(), new HeatDataCommand(), new PathsDataCommand(), new FinanceDataCommand(), new NBodyDataCommand(), new DigitsDataCommand(), new TableDataCommand(),
        ];
        foreach (DataSetCommand set in sets)
            data.Subcommands.Add(set.Create());
        return data;
    }
}
