using System.Text.Json;
using System.Text.RegularExpressions;
using NUnit.Framework;
using SoraHpc.Diagnostics.Report;
using SoraHpc.Diagnostics.Tracing;

namespace SoraHpc.Tests.Tracing;

public sealed class HtmlReportTests : FolderTests
{
    [Test]
    public void Page_needs_nothing_else_and_what_it_is_told_cannot_end_its_script()
    {
        string page = HtmlReport.Render(MadeUpTrace.Of(2, spans: 20));

        Assert.That(Regex.Matches(page, @"https?:|src=|<link|@import|url\(|fetch\(|\{\{"), Is.Empty);
        Assert.That(Regex.Matches(page, "</script>"), Has.Count.EqualTo(2));
        Assert.That(page, Does.Contain("<title>made &lt;up&gt;</title>"));
    }

    [Test]
    public void Page_of_a_thousand_ranks_stays_small() => Assert.That(HtmlReport.Render(MadeUpTrace.Of(1000, spans: 1000)), Has.Length.LessThan(14_000_000));

    [Test]
    public void Shares_on_the_common_axis_are_those_of_the_profile()
    {
        RankTrace rank = MadeUpTrace.Of(1, spans: 20).Ranks[0] with { Begin = 50_000_000 };    // 100 ms of recording from 50 ms on

        byte[] shares = ProfileShares.Resample(rank, bins: 16, seconds: 0.16);

        for (int bin = 0; bin < 16; bin++)
        {
            double part = Math.Clamp((bin + 1) * 10 - 50, 0, 10) / 10.0 - Math.Clamp((bin + 1) * 10 - 150, 0, 10) / 10.0;
            Assert.That(shares[bin * TraceProfile.Kinds + (int)ActivityKind.Compute], Is.EqualTo(255 * 0.8 * part).Within(1), $"bin {bin}");
            Assert.That(shares[bin * TraceProfile.Kinds + (int)ActivityKind.Wait], Is.EqualTo(255 * 0.2 * part).Within(1), $"bin {bin}");
        }
    }

    [Test]
    public async Task Timeline_draws_zooms_by_wheel_and_tells_what_is_under_the_mouse([Values(4, 1000)] int ranks)
    {
        using Browser browser = await OpenAsync(MadeUpTrace.Of(ranks, spans: 100));
        Assert.That((await browser.EvaluateAsync(DistinctColours("timeline"))).GetInt32(), Is.GreaterThanOrEqualTo(3));
        JsonElement place = await browser.EvaluateAsync("(() => { const r = document.getElementById('timeline').getBoundingClientRect(); return [r.left, r.top, r.width]; })()");
        double left = place[0].GetDouble(), top = place[1].GetDouble(), width = place[2].GetDouble();
        double before = await SpanShownAsync(browser), middle = left + width / 2;
        Assert.That(before, Is.EqualTo(5e8));

        for (int i = 0; i < 4; i++)
            await browser.MouseAsync("mouseWheel", middle, top + 5, deltaY: -300);
        await browser.DrawnAsync();
        double after = await SpanShownAsync(browser);
        Assert.That(after, Is.LessThan(before / 5));
        Assert.That((await browser.EvaluateAsync(DistinctColours("timeline"))).GetInt32(), Is.GreaterThanOrEqualTo(3));

        await browser.MouseAsync("mouseMoved", middle, top + 2);
        JsonElement tip = await browser.EvaluateAsync("document.getElementById('tip').hidden ? '' : document.getElementById('tip').textContent");
        Assert.That(tip.GetString(), Does.StartWith("rank 0 on node0, at ").And.Match(@"\n(compute: 10 ms|wait: 2 ms\n800 B.*\nwith rank 1)"));
        await browser.EvaluateAsync("document.getElementById('all').click()");
        Assert.That(await SpanShownAsync(browser), Is.EqualTo(before));
        Assert.That(browser.Errors, Is.Empty);
    }

    [Test]
    public async Task Every_picture_of_the_page_is_drawn()
    {
        using Browser browser = await OpenAsync(MadeUpTrace.Of(6, spans: 100, joules: 12));

        foreach (string canvas in (string[])["overview", "utilisation", "imbalance", "matrix", "steals"])
            Assert.That((await browser.EvaluateAsync(DistinctColours(canvas))).GetInt32(), Is.GreaterThanOrEqualTo(3), canvas);
        await browser.EvaluateAsync("document.getElementById('byMessages').click()");
        Assert.That((await browser.EvaluateAsync("document.getElementById('facts').textContent")).GetString(), Does.Contain("</script>").And.Contain("12 J"));
        Assert.That(browser.Errors, Is.Empty);
    }

    private async Task<Browser> OpenAsync(RunTrace trace)
    {
        string page = In("run.html");
        await File.WriteAllTextAsync(page, HtmlReport.Render(trace));
        return await Browser.OpenAsync(page, 1200, 900);
    }

    private static async Task<double> SpanShownAsync(Browser browser) => (await browser.EvaluateAsync("timeline.view.to - timeline.view.from")).GetDouble();

    private static string DistinctColours(string canvas) => $$"""
        (() => {
          const c = document.getElementById('{{canvas}}'), pixels = new Uint32Array(c.getContext('2d').getImageData(0, 0, c.width, c.height).data.buffer);
          return new Set(pixels).size;
        })()
        """;
}
