using System.Runtime.InteropServices;

namespace SoraHpc.Decomposition.Metis;

/// <summary>The functions of METIS 5 that are used, for the usual build of 32-bit integers and 32-bit reals. Source: metis.h.</summary>
internal sealed unsafe class MetisFunctions(nint library)
{
    // Vertices, constraints, row starts, neighbours, weights of vertices, their sizes, weights of edges, parts, target shares, allowed
    // imbalance of every constraint, options; out: weight of the cut edges, part of every vertex.
    internal readonly delegate* unmanaged<int*, int*, int*, int*, int*, int*, int*, int*, float*, float*, int*, int*, int*, int> PartGraphRecursive =
        (delegate* unmanaged<int*, int*, int*, int*, int*, int*, int*, int*, float*, float*, int*, int*, int*, int>)
        NativeLibrary.GetExport(library, "METIS_PartGraphRecursive");

    internal readonly delegate* unmanaged<int*, int*, int*, int*, int*, int*, int*, int*, float*, float*, int*, int*, int*, int> PartGraphKway =
        (delegate* unmanaged<int*, int*, int*, int*, int*, int*, int*, int*, float*, float*, int*, int*, int*, int>)
        NativeLibrary.GetExport(library, "METIS_PartGraphKway");

    internal readonly delegate* unmanaged<int*, int> SetDefaultOptions =
        (delegate* unmanaged<int*, int>)NativeLibrary.GetExport(library, "METIS_SetDefaultOptions");
}
