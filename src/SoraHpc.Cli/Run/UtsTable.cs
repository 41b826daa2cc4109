using System.Globalization;
using System.Text;
using SoraHpc.Jobs.Uts;
using SoraHpc.Runtime.Stealing;

namespace SoraHpc.Cli.Run;

/// <summary>What every rank stole and did, as text.</summary>
internal static class UtsTable
{
    /// <summary>A line a rank below a heading; lines end in '\n'.</summary>
    internal static string Render(UtsResult result)
    {
        var text = new StringBuilder();
        text.Append($"{"rank",8}  {"nodes",14}  {"tasks",12}  {"steals",8}  {"of tries",9}  {"tasks stolen",12}  {"other nodes",11}  {"busy [s]",9}  {"idle [s]",9}\n");
        for (int rank = 0; rank < result.Tasks.Count; rank++)
        {
            TaskStatistics tasks = result.Tasks[rank];
            text.Append(CultureInfo.InvariantCulture, $"{rank,8}  {result.Run.Ranks[rank].Workload,14:0}  {tasks.Executed,12}  {tasks.StealsSucceeded,8}  ");
            text.Append(CultureInfo.InvariantCulture, $"{tasks.StealsTried,9}  {tasks.TasksStolen,12}  {tasks.StealsFromOtherNodes,11}  {tasks.BusySeconds,9:0.0000}  {tasks.IdleSeconds,9:0.0000}\n");
        }
        return text.ToString();
    }
}
