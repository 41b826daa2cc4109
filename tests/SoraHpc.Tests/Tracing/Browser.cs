using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using NUnit.Framework;

namespace SoraHpc.Tests.Tracing;

/// <summary>A Chromium without a screen, driven through its DevTools protocol. Every call has a deadline.</summary>
internal sealed class Browser : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process process;
    private readonly string folder;
    private readonly ClientWebSocket socket = new();
    private readonly CancellationTokenSource deadline = new(Patience);
    private readonly List<string> errors = [];
    private string session = "";
    private int sent;

    private Browser(Process process, string folder) => (this.process, this.folder) = (process, folder);

    /// <summary>What scripts of the page threw, or wrote as errors.</summary>
    internal IReadOnlyList<string> Errors => errors;

    /// <summary>Opens a page of so many pixels and waits until it is loaded.</summary>
    internal static async Task<Browser> OpenAsync(string page, int width, int height)
    {
        string? program = ((string[])["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"]).FirstOrDefault(File.Exists);
        if (program is null)
            Assert.Ignore("there is no Chromium to look at pages with (Debian: chromium)");
        string folder = Directory.CreateTempSubdirectory("sora-browser-").FullName;
        Process process = Process.Start(new ProcessStartInfo(program!, ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
            "--remote-debugging-port=0", $"--user-data-dir={folder}", $"--window-size={width},{height}", "about:blank"]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var browser = new Browser(process, folder);
        try
        {
            await browser.ConnectAsync();
            await browser.VisitAsync(page);
            return browser;
        }
        catch
        {
            browser.Dispose();
            throw;
        }
    }

    /// <summary>What an expression is worth in the page, as JSON.</summary>
    internal async Task<JsonElement> EvaluateAsync(string expression)
    {
        JsonElement answer = await CallAsync("Runtime.evaluate", new { expression, returnByValue = true, awaitPromise = true });
        return answer.TryGetProperty("exceptionDetails", out JsonElement thrown) ? throw new AssertionException(thrown.ToString())
            : answer.GetProperty("result").TryGetProperty("value", out JsonElement value) ? value : default;
    }

    /// <summary>The mouse as the user moves it, in pixels of the window.</summary>
    internal Task MouseAsync(string type, double x, double y, double deltaY = 0) =>
        CallAsync("Input.dispatchMouseEvent", type == "mouseWheel" ? new { type, x, y, deltaX = 0.0, deltaY } : new { type, x, y });

    /// <summary>After everything that is to be drawn has been.</summary>
    internal Task DrawnAsync() => EvaluateAsync("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(1))))");

    public void Dispose()
    {
        socket.Dispose();
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
        process.WaitForExit();
        process.Dispose();
        deadline.Dispose();
        for (int tries = 0; tries < 20 && Directory.Exists(folder); tries++)
            try
            {
                Directory.Delete(folder, recursive: true);
            }
            catch (IOException)
            {
                Thread.Sleep(50);           // its children may still be leaving
            }
    }

    private async Task ConnectAsync()
    {
        const string Listening = "DevTools listening on ";
        string? line;
        do
            line = await process.StandardError.ReadLineAsync(deadline.Token);
        while (line is not null && !line.StartsWith(Listening, StringComparison.Ordinal));
        _ = process.StandardError.ReadToEndAsync();
        _ = process.StandardOutput.ReadToEndAsync();
        if (line is null)
            Assert.Ignore("Chromium does not start here");
        await socket.ConnectAsync(new Uri(line![Listening.Length..]), deadline.Token);
        JsonElement target = await CallAsync("Target.createTarget", new { url = "about:blank" });
        JsonElement attached = await CallAsync("Target.attachToTarget", new { targetId = target.GetProperty("targetId").GetString(), flatten = true });
        session = attached.GetProperty("sessionId").GetString()!;
        await CallAsync("Runtime.enable", new { });
        await CallAsync("Page.enable", new { });
    }

    private async Task VisitAsync(string page)
    {
        await CallAsync("Page.navigate", new { url = new Uri(page).AbsoluteUri });
        while ((await EvaluateAsync("document.readyState + location.protocol")).GetString() != "completefile:")
            await Task.Delay(20, deadline.Token);
        await DrawnAsync();
    }

    private async Task<JsonElement> CallAsync(string method, object parameters)
    {
        int id = ++sent;
        Dictionary<string, object> message = new() { ["id"] = id, ["method"] = method, ["params"] = parameters };
        if (session.Length > 0)
            message["sessionId"] = session;
        await socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(message), WebSocketMessageType.Text, endOfMessage: true, deadline.Token);
        while (true)
        {
            JsonElement heard = await HearAsync();
            if (heard.TryGetProperty("id", out JsonElement answered) && answered.GetInt32() == id)
                return heard.TryGetProperty("result", out JsonElement result) ? result : throw new AssertionException($"{method}: {heard}");
            Note(heard);
        }
    }

    private void Note(JsonElement heard)
    {
        string name = heard.TryGetProperty("method", out JsonElement method) ? method.GetString()! : "";
        if (name == "Runtime.exceptionThrown" || name == "Runtime.consoleAPICalled" && heard.GetProperty("params").GetProperty("type").GetString() == "error")
            errors.Add(heard.GetProperty("params").ToString());
    }

    private async Task<JsonElement> HearAsync()
    {
        using var whole = new MemoryStream();
        byte[] part = new byte[1 << 16];
        WebSocketReceiveResult got;
        do
        {
            got = await socket.ReceiveAsync(part, deadline.Token);
            whole.Write(part, 0, got.Count);
        }
        while (!got.EndOfMessage);
        return JsonDocument.Parse(Encoding.UTF8.GetString(whole.ToArray())).RootElement;
    }
}
