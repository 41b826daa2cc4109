using MathNet.Numerics.LinearAlgebra;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;

namespace SoraHpc.Learning.Data;

/// <summary>The directions in which the rows of a table differ most, and by how much. The same bits for any partition of the rows.</summary>
/// <param name="Columns">The table's.</param>
/// <param name="Mean">Of every column; what is taken off before rows are projected.</param>
/// <param name="Directions">Components × columns: unit vectors at right angles, each with its largest entry positive.</param>
/// <param name="SingularValues">Of the centred table, descending: singular value² / rows is the variance along the direction.</param>
/// <param name="Rows">Of the table.</param>
public sealed record PrincipalComponents(IReadOnlyList<string> Columns, double[] Mean, double[][] Directions, double[] SingularValues, long Rows)
{
    /// <summary>By the matrix of inner products of columns, each an exact sum: one pass over the rows, (columns²/2)·560 B, but a singular value below 10⁻⁸
    /// of the largest is lost. For few columns. Collective.</summary>
    /// <param name="ranks">All that have particles.</param>
    /// <param name="particles">This rank's.</param>
    /// <param name="components">In [1, columns].</param>
    public static PrincipalComponents ByGram(Communicator ranks, IEnumerable<DataParticle> particles, int components)
    {
        CentredRows rows = CentredRows.Of(ranks, particles, components);
        int n = rows.Columns.Count;
        ColumnSums sums = new(n * (n + 1) / 2);
        foreach ((_, double[] centred, int count) in rows)
            for (int i = 0, at = 0; i < n; i++)
                for (int j = 0; j <= i; j++)
                    sums.AddProduct(at++, rows.Column(centred, i, count), rows.Column(centred, j, count));
        double[] products = sums.Allreduce(ranks);
        return rows.Components(ranks, components, () =>
        {
            var eigen = Matrix<double>.Build.Dense(n, n, (i, j) => products[Math.Max(i, j) * (Math.Max(i, j) + 1) / 2 + Math.Min(i, j)]).Evd(Symmetricity.Symmetric);
            return ([.. Enumerable.Range(0, n).Select(i => eigen.EigenVectors.Column(n - 1 - i).ToArray())],
                [.. Enumerable.Range(0, n).Select(i => Math.Sqrt(Math.Max(0, eigen.EigenValues[n - 1 - i].Real)))]);
        });
    }

    /// <summary>By the triangle of a QR factorisation of all rows, found stratum by stratum and joined in pairs: singular values to rounding, also small
    /// ones. Collective.</summary>
    /// <param name="ranks">All that have particles; each has whole strata, as <see cref="DataTable"/> gives them.</param>
    /// <param name="particles">This rank's.</param>
    /// <param name="strata">Of the table that the rows come from.</param>
    /// <param name="components">In [1, columns].</param>
    /// <remarks>Source: Demmel, Grigori, Hoemmen and Langou, Communication-optimal Parallel and Sequential QR and LU Factorizations (2012).</remarks>
    public static PrincipalComponents ByTriangles(Communicator ranks, IEnumerable<DataParticle> particles, Training.Strata strata, int components)
    {
        CentredRows rows = CentredRows.Of(ranks, particles, components);
        int n = rows.Columns.Count;
        StratumTriangles triangles = new(strata, n);
        foreach ((DataParticle particle, double[] centred, int count) in rows)
            for (int i = 0; i < count; i++)
                triangles.Add(particle.Rows[i], rows.Row(centred, i, count));
        double[] triangle = triangles.Join(ranks);
        return rows.Components(ranks, components, () =>
        {
            var svd = Matrix<double>.Build.Dense(n, n, (i, j) => triangle[i * n + j]).Svd();
            return ([.. svd.VT.EnumerateRows().Select(row => row.ToArray())], [.. svd.S]);
        });
    }

    /// <summary>By a random start and powers: for many columns and few components. Numbers kept are columns × (components + spare); every power is one pass
    /// over the rows. Exact where the table has no more than that many directions, else the closer the faster singular values fall. Collective.</summary>
    /// <param name="ranks">All that have particles; each has whole strata, as <see cref="DataTable"/> gives them.</param>
    /// <param name="particles">This rank's.</param>
    /// <param name="strata">Of the table that the rows come from.</param>
    /// <param name="components">≥ 1.</param>
    /// <param name="spare">Directions beyond those wanted, that make them sharper; cut where there are not so many columns.</param>
    /// <param name="powers">≥ 1.</param>
    /// <param name="seed">Of the start.</param>
    /// <remarks>Source: Halko, Martinsson and Tropp, Finding Structure with Randomness, SIAM Rev. 53 (2011), algorithm 4.4, on the side of the columns, so that only
    /// numbers of the size of a few columns travel.</remarks>
    public static PrincipalComponents ByRandomStart(Communicator ranks, IEnumerable<DataParticle> particles, Training.Strata strata, int components, int spare = 10, int powers = 3, ulong seed = 1)
    {
        CentredRows rows = CentredRows.Of(ranks, particles, components);
        if (spare < 0 || powers < 1)
            throw new UsageException($"{spare} spare directions and {powers} powers: give 0 or more, and 1 or more");
        RandomSubspace subspace = new(ranks, rows, Math.Min(rows.Columns.Count, components + spare), seed);
        for (int power = 0; power < powers; power++)
            subspace.Multiply();
        double[] triangle = subspace.Triangle(strata);
        int width = subspace.Width, n = rows.Columns.Count;
        return rows.Components(ranks, components, () =>
        {
            var svd = Matrix<double>.Build.Dense(width, width, (i, j) => triangle[i * width + j]).Svd();
            Matrix<double> directions = svd.VT * Matrix<double>.Build.Dense(width, n, (i, j) => subspace.Directions[i * n + j]);
            return ([.. directions.EnumerateRows().Select(row => row.ToArray())], [.. svd.S]);
        });
    }

    /// <summary>The variance along each direction as a share of that of the whole table, where all components are there; else of their sum.</summary>
    public double[] Shares => [.. SingularValues.Select(value => value * value / SingularValues.Sum(each => each * each))];

    /// <summary>A particle's rows along the directions: columns 'pc0', 'pc1', …. Local.</summary>
    /// <exception cref="SoraException">It has other columns.</exception>
    public DataParticle Project(DataParticle particle)
    {
        if (!particle.Columns.SequenceEqual(Columns))
            throw new SoraException($"the columns are {string.Join(", ", particle.Columns)}, and the components were found for {string.Join(", ", Columns)}");
        double[] projected = new double[particle.Count * Directions.Length], row = new double[Columns.Count];
        for (int i = 0; i < particle.Count; i++)
        {
            particle.Features.CopyRow(i, row);
            for (int j = 0; j < row.Length; j++)
                row[j] -= Mean[j];
            for (int k = 0; k < Directions.Length; k++)
                projected[i * Directions.Length + k] = CentredRows.Dot(row, Directions[k]);
        }
        return particle.With([.. Directions.Select((_, k) => $"pc{k}")], new DenseFeatures(Directions.Length, projected));
    }
}
