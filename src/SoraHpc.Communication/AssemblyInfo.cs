using System.Runtime.CompilerServices;
[assembly: InternalsVisibleTo("SoraHpc.Tests")]
[assembly: InternalsVisibleTo("SoraHpc.RankTests")]

// Buffers on the stack are written by MPI before they are read: clearing them first would cost more than a short message.
[module: SkipLocalsInit]
