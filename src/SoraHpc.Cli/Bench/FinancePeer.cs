using System.Diagnostics;
using System.Globalization;
using SoraHpc.Diagnostics;
using SoraHpc.Jobs.Finance;

namespace SoraHpc.Cli.Bench;

/// <summary>The NumPy program of <c>sora bench finance</c>, running; it ends on <see cref="Dispose"/>.</summary>
internal sealed class FinancePeer : IDisposable
{
    private const string Python = "/usr/bin/python3";

    private readonly Process program;

    private FinancePeer(Process program) => this.program = program;

    /// <summary>Null where Python or a package of it is missing.</summary>
    internal static FinancePeer? Start(BenchFolder folder, FinanceOptions options)
    {
        if (!File.Exists(Python))
            return null;
        string script = folder.File("finance_bench.py");
        using (Stream text = typeof(FinancePeer).Assembly.GetManifestResourceStream("finance_bench.py")!, file = File.Create(script))
            text.CopyTo(file);
        string[] arguments = [script, options.DataFile, .. Array.ConvertAll((double[])[options.Days, options.Level], number => number.ToString("R", CultureInfo.InvariantCulture))];
        ProcessStartInfo start = new(Python, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string variable in (string[])["OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS", "OMP_NUM_THREADS"])
            start.Environment[variable] = "1";
        FinancePeer peer = new(Process.Start(start)!);
        if (peer.program.StandardOutput.ReadLine() == "ready")
            return peer;
        peer.Dispose();
        return null;
    }

    /// <summary>Seconds for so many scenarios, and what they come to.</summary>
    internal (double Seconds, double ValueAtRisk, double Shortfall) Measure(int scenarios, int seed)
    {
        program.StandardInput.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{scenarios} {seed}"));
        program.StandardInput.Flush();
        string[] answer = program.StandardOutput.ReadLine()?.Split(' ')
            ?? throw new SoraException($"the NumPy side ended without an answer: {program.StandardError.ReadToEnd().TrimEnd().Split('\n')[^1]}");
        double[] numbers = Array.ConvertAll(answer, number => double.Parse(number, CultureInfo.InvariantCulture));
        return (numbers[0], numbers[1], numbers[2]);
    }

    public void Dispose()
    {
        program.StandardInput.Close();                      // which ends it
        program.WaitForExit();
        program.Dispose();
    }
}
