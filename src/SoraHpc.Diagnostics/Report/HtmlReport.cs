using System.Net;
using System.Reflection;
using System.Text;
using SoraHpc.Diagnostics.Tracing;

namespace SoraHpc.Diagnostics.Report;

/// <summary>A run as one HTML file that needs nothing else: no network, no other file. A function of the trace alone.</summary>
public static class HtmlReport
{
    /// <summary>Spans of all ranks together that a report holds unless told otherwise: some 6 MB.</summary>
    public const int DefaultSpans = 200_000;

    /// <summary>The whole file.</summary>
    /// <param name="trace">What was recorded, of 1 to some thousand ranks.</param>
    /// <param name="mostSpans">Spans of all ranks together to keep, the longest of each rank; beyond them there are only shares of time.</param>
    public static string Render(RunTrace trace, int mostSpans = DefaultSpans)
    {
        var page = new StringBuilder(Resource("report.html"));
        page.Replace("{{title}}", WebUtility.HtmlEncode(trace.Title));
        page.Replace("{{style}}", Resource("report.css"));
        page.Replace("{{script}}", string.Concat(((string[])["data.js", "timeline.js", "charts.js", "report.js"]).Select(Resource)));
        page.Replace("{{data}}", Encoding.UTF8.GetString(ReportData.Write(trace, mostSpans)));
        return page.ToString();
    }

    private static string Resource(string name)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"report/{name}")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
