using System.Diagnostics;
using System.Globalization;
using SoraHpc.Diagnostics;

namespace SoraHpc.Cli.Bench;

/// <summary>The NumPy program of <c>sora bench training</c>, running on one core; it ends on <see cref="Dispose"/>.</summary>
internal sealed class TrainingPeer : IDisposable
{
    private const string Python = "/usr/bin/python3";

    private readonly Process program;

    private TrainingPeer(Process program) => this.program = program;

    /// <summary>Null where Python or NumPy is missing.</summary>
    internal static TrainingPeer? Start(BenchFolder folder, int images, int batch)
    {
        if (!File.Exists(Python))
            return null;
        string script = folder.File("training_bench.py");
        using (Stream text = typeof(TrainingPeer).Assembly.GetManifestResourceStream("training_bench.py")!, file = File.Create(script))
            text.CopyTo(file);
        string[] arguments = [script, images.ToString(CultureInfo.InvariantCulture), batch.ToString(CultureInfo.InvariantCulture)];
        ProcessStartInfo start = new(Python, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string variable in (string[])["OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS", "OMP_NUM_THREADS"])
            start.Environment[variable] = "1";
        TrainingPeer peer = new(Process.Start(start)!);
        if (peer.program.StandardOutput.ReadLine() == "ready")
            return peer;
        peer.Dispose();
        return null;
    }

    /// <summary>Seconds of so many steps of a model.</summary>
    internal double Measure(string model, int steps)
    {
        program.StandardInput.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{model} {steps}"));
        program.StandardInput.Flush();
        string answer = program.StandardOutput.ReadLine()
            ?? throw new SoraException($"the NumPy side ended without an answer: {program.StandardError.ReadToEnd().TrimEnd().Split('\n')[^1]}");
        return double.Parse(answer.Split(' ')[0], CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        program.StandardInput.Close();                      // which ends it
        program.WaitForExit();
        program.Dispose();
    }
}
