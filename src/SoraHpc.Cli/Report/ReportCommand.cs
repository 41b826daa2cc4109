using System.CommandLine;
using SoraHpc.Cli.CommandLine;
using SoraHpc.Diagnostics;
using SoraHpc.Diagnostics.Tracing;

namespace SoraHpc.Cli.Report;

/// <summary><c>sora report</c>: the page of a run, from the trace it left.</summary>
internal static class ReportCommand
{
    internal static Command Create()
    {
        var trace = new Argument<string>("trace") { Description = "The trace: what sora run --trace FILE.json has written" };
        trace.Validators.Add(result => CommandOptions.RefuseEmpty(result, "sora report", "FILE.json"));
        Option<string?> output = CommandOptions.Text("--output", "The page to write. Default: beside the trace, with the ending .html", "FILE.html");
        var report = new Verb("report", "Makes a page of a run's trace.", "sora report forecast.json");
        report.Arguments.Add(trace);
        report.Options.Add(output);
        report.SetAction(parsed =>
        {
            string from = parsed.GetRequiredValue(trace), to = parsed.GetValue(output) ?? Path.ChangeExtension(from, ".html");
            if (Path.GetFullPath(from) == Path.GetFullPath(to))
                throw new UsageException($"{to}: the page would take the place of the trace; give --output another name");
            if (TraceOutput.Of(to) is not { Page: not null, Json: null } page)
                throw new UsageException($"{to}: a page's name ends in .html");
            foreach ((string kind, string file) in page.Write(TraceFile.Read(from)))
                parsed.InvocationConfiguration.Output.WriteLine($"{kind}: {Path.GetFullPath(file)}");
            return 0;
        });
        return report;
    }
}
