using System.Runtime.CompilerServices;
[assembly: InternalsVisibleTo("SoraHpc.Tests")]
