using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace SoraHpc.Benchmarks;

/// <summary>What a benchmark moves and computes in one call, and which other benchmark of its class shows the limit.</summary>
/// <param name="limit">Name of the method that reaches what the machine can.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class WorkAttribute(string limit) : Attribute
{
    public string Limit => limit;

    /// <summary>Bytes moved between memory and processor, each element once.</summary>
    public double Bytes { get; init; }

    /// <summary>Floating-point operations.</summary>
    public double Flops { get; init; }
}

/// <summary>Adds to a table GB/s or GF/s, and the part of the limit that was measured in the same run.</summary>
public sealed class RooflineConfig : ManualConfig
{
    public RooflineConfig()
    {
        AddDiagnoser(MemoryDiagnoser.Default);
        AddColumn(new RateColumn(), new LimitColumn());
    }

    private static WorkAttribute? WorkOf(BenchmarkCase benchmark) =>
        (WorkAttribute?)Attribute.GetCustomAttribute(benchmark.Descriptor.WorkloadMethod, typeof(WorkAttribute));

    private static double Rate(Summary summary, BenchmarkCase benchmark) =>
        WorkOf(benchmark) is { } work && summary[benchmark]?.ResultStatistics is { } statistics ? (work.Flops > 0 ? work.Flops : work.Bytes) / statistics.Mean : double.NaN;

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

    private sealed class RateColumn() : Column("Rate", "Bytes or floating-point operations per second")
    {
        public override string GetValue(Summary summary, BenchmarkCase benchmarkCase) => string.Create(CultureInfo.InvariantCulture,
            $"{Rate(summary, benchmarkCase):0.0} {(WorkOf(benchmarkCase)?.Flops > 0 ? "GF/s" : "GB/s")}");
    }

    private sealed class LimitColumn() : Column("Of limit", "Rate over that of the benchmark that shows the limit, in the same run")
    {
        public override string GetValue(Summary summary, BenchmarkCase benchmarkCase)
        {
            BenchmarkCase? limit = summary.BenchmarksCases.FirstOrDefault(other => other.Descriptor.WorkloadMethod.Name == WorkOf(benchmarkCase)?.Limit);
            return limit is null ? "?" : (Rate(summary, benchmarkCase) / Rate(summary, limit)).ToString("0.00", CultureInfo.InvariantCulture);
        }
    }
}
