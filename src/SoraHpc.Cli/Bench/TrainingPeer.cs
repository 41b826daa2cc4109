using System.Diagnostics;
using System.Globalization;
using SoraHpc.Diagnostics;

namespace SoraHpc.Cli.Bench;

/// <summary>The NumPy and scikit-learn program of <c>sora bench training</c>, on as many threads as we have ranks; it ends on <see cref="Dispose"/>.</summary>
internal sealed class TrainingPeer : IDisposable
{
    private const string Python = "/usr/bin/python3";

    private readonly Process program;

    private TrainingPeer(Process program) => this.program = program;

    /// <summary>Null where Python or NumPy is missing.</summary>
    internal static TrainingPeer? Start(BenchFolder folder, int images, int batch, int threads)
    {
        if (!File.Exists(Python))
            return null;
        string script = folder.File("training_bench.py");
        using (Stream text = typeof(TrainingPeer).Assembly.GetManifestResourceStream("training_bench.py")!, file = File.Create(script))
            text.CopyTo(file);
        string[] arguments = [script, images.ToString(CultureInfo.InvariantCulture), batch.ToString(CultureInfo.InvariantCulture)];
        ProcessStartInfo start = new(Python, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string variable in (string[])["OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS", "OMP_NUM_THREADS"])
            start.Environment[variable] = threads.ToString(CultureInfo.InvariantCulture);
        TrainingPeer peer = new(Process.Start(start)!);
        if (peer.program.StandardOutput.ReadLine() == "ready")
            return peer;
        peer.Dispose();
        return null;
    }

    /// <summary>Seconds of so many steps of a model; null where the library is missing, or has no such model.</summary>
    internal double? Measure(string library, string model, int steps)
    {
        program.StandardInput.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{library} {model} {steps}"));
        program.StandardInput.Flush();
        string answer = program.StandardOutput.ReadLine()
            ?? throw new SoraException($"the Python side ended without an answer: {program.StandardError.ReadToEnd().TrimEnd().Split('\n')[^1]}");
        return answer == "missing" ? null : double.Parse(answer.Split(' ')[0], CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        program.StandardInput.Close();                      // which ends it
        program.WaitForExit();
        program.Dispose();
    }
}
