using System.Globalization;
using System.Text;

namespace SoraHpc.Communication.Survival;

/// <summary>How the run ended, for whoever waits for the launcher: see <see cref="SurvivalOptions.OutcomeFile"/>.</summary>
/// <param name="file">Null: nobody asks.</param>
internal sealed class RunOutcome(string? file)
{
    /// <summary>Leaves the exit code, unless a rank has done so. Never throws: this is the path of failures.</summary>
    internal void Write(int exitCode)
    {
        if (file is null)
            return;
        try
        {
            // The first to end says how; on a file system of several hosts too.
            using FileStream stream = new(file, FileMode.CreateNew);
            stream.Write(Encoding.UTF8.GetBytes(exitCode.ToString(CultureInfo.InvariantCulture)));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
        }
    }
}
