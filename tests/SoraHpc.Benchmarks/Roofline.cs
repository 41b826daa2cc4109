using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace SoraHpc.Benchmarks;

/// <summary>What a benchmark moves and computes in one call, and which other benchmarks of its class show the limits.</summary>
/// <param name="limit">Name of the method that reaches what the machine can; of the memory, where both limits count.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class WorkAttribute(string limit) : Attribute
{
    public string Limit => limit;

    /// <summary>Bytes moved between memory and processor, each element once.</summary>
    public double Bytes { get; init; }

    /// <summary>Floating-point operations.</summary>
    public double Flops { get; init; }

    /// <summary>Name of the method that shows the limit of arithmetic, where both count: the later of the two ends is the limit.</summary>
    public string? FlopLimit { get; init; }
}

/// <summary>Adds to a table GB/s or GF/s, and the part of the limit that was measured in the same run.</summary>
public sealed class RooflineConfig : ManualConfig
{
    public RooflineConfig()
    {
        AddDiagnoser(MemoryDiagnoser.Default);
        AddColumn(new RateColumn(), new LimitColumn(), new LimitedByColumn());
    }

    private static WorkAttribute? WorkOf(BenchmarkCase benchmark) =>
        (WorkAttribute?)Attribute.GetCustomAttribute(benchmark.Descriptor.WorkloadMethod, typeof(WorkAttribute));

    private static double Nanoseconds(Summary summary, BenchmarkCase benchmark) => summary[benchmark]?.ResultStatistics?.Mean ?? double.NaN;

    // The least time that memory, and that arithmetic, allow [ns]: 0 where one does not count, NaN where its limit was not measured.
    private static (double Memory, double Arithmetic) Least(Summary summary, BenchmarkCase benchmark)
    {
        if (WorkOf(benchmark) is not { } work)
            return (double.NaN, double.NaN);
        string? arithmetic = work.FlopLimit ?? (work.Flops > 0 ? work.Limit : null), memory = work.Bytes > 0 ? work.Limit : null;
        return (At(memory, work.Bytes, limit => limit.Bytes), At(arithmetic, work.Flops, limit => limit.Flops));

        double At(string? name, double amount, Func<WorkAttribute, double> of) => name is null ? 0
            : summary.BenchmarksCases.FirstOrDefault(other => other.Descriptor.WorkloadMethod.Name == name) is { } limit && WorkOf(limit) is { } its
                ? amount / of(its) * Nanoseconds(summary, limit) : double.NaN;
    }

    private abstract class Column(string name, string legend) : IColumn
    {
        public string Id => name;
        public string ColumnName => name;
        public string Legend => legend;
        public bool AlwaysShow => true;
        public ColumnCategory Category => ColumnCategory.Custom;
        public int PriorityInCategory => 0;
        public bool IsNumeric => true;
        public UnitType UnitType => UnitType.Dimensionless;
        public bool IsAvailable(Summary summary) => true;
        public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;
        public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style) => GetValue(summary, benchmarkCase);
        public abstract string GetValue(Summary summary, BenchmarkCase benchmarkCase);
    }

    private sealed class RateColumn() : Column("Rate", "Bytes and floating-point operations per second")
    {
        public override string GetValue(Summary summary, BenchmarkCase benchmarkCase)
        {
            double time = Nanoseconds(summary, benchmarkCase);
            return WorkOf(benchmarkCase) is not { } work ? "" : string.Join(", ", new[] { Text(work.Bytes, "GB/s"), Text(work.Flops, "GF/s") }.Where(text => text.Length > 0));
            string Text(double amount, string unit) => amount > 0 ? string.Create(CultureInfo.InvariantCulture, $"{amount / time:0.0} {unit}") : "";
        }
    }

    private sealed class LimitColumn() : Column("Of limit", "Least time that memory or arithmetic allow, whichever is longer, over the time taken; both as measured in the same run")
    {
        public override string GetValue(Summary summary, BenchmarkCase benchmarkCase)
        {
            (double memory, double arithmetic) = Least(summary, benchmarkCase);
            double share = Math.Max(memory, arithmetic) / Nanoseconds(summary, benchmarkCase);
            return double.IsNaN(share) ? "?" : share.ToString("0.00", CultureInfo.InvariantCulture);
        }
    }

    private sealed class LimitedByColumn() : Column("Limited by", "Which of the two is longer, and the shorter's part of it")
    {
        public override string GetValue(Summary summary, BenchmarkCase benchmarkCase)
        {
            (double memory, double arithmetic) = Least(summary, benchmarkCase);
            return double.IsNaN(memory + arithmetic) ? "?" : string.Create(CultureInfo.InvariantCulture, $"{(memory >= arithmetic ? "memory" : "arithmetic")}{Other(memory, arithmetic)}");
        }

        private static string Other(double memory, double arithmetic) => Math.Min(memory, arithmetic) is > 0 and var less
            ? string.Create(CultureInfo.InvariantCulture, $" ({(memory >= arithmetic ? "arithmetic" : "memory")} {less / Math.Max(memory, arithmetic):0.00} of it)") : "";
    }
}
