using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("SoraHpc.Tests")]
[assembly: InternalsVisibleTo("SoraHpc.RankTests")]
[assembly: InternalsVisibleTo("SoraHpc.Benchmarks")]
