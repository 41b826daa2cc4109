namespace SoraHpc.Cli.Run;

/// <summary>The jobs <c>sora run</c> knows. A new job is one file that implements <see cref="IJobCommand"/> and one line here.</summary>
internal static class JobCommands
{
    internal static IReadOnlyList<IJobCommand> All() => [new WeatherCommand(), new HeatCommand(), new WeldingCommand(), new ShortestPathsCommand(), new UtsCommand(), new NpbCommand(), new FinanceCommand(), new NBodyCommand(), new TrainingCommand()];
}
