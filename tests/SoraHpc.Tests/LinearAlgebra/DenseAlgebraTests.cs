using MathNet.Numerics.LinearAlgebra.Factorization;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.Providers.LinearAlgebra;
using MathNet.Numerics;
using NUnit.Framework;
using SoraHpc.LinearAlgebra;
using Complex = System.Numerics.Complex;

namespace SoraHpc.Tests.LinearAlgebra;

/// <summary>MathNet's matrices over every library and in every element type, judged by residuals: a factorisation is right when its product
/// is the matrix to within a few roundings an entry, whatever made it.</summary>
/// <typeparam name="T">Element type.</typeparam>
public abstract class DenseAlgebraTests<T>(string library) where T : struct, IEquatable<T>, IFormattable
{
    // ‖error‖ / (‖A‖·n·ε): backward stable algorithms stay near 1 in the worst case and far below in most.
    private const double Allowed = 2;

    private static readonly double Epsilon = typeof(T) == typeof(float) || typeof(T) == typeof(Complex32) ? 1.1920929e-7 : 2.220446049250313e-16;

    private static MatrixBuilder<T> Build => Matrix<T>.Build;

    internal static IEnumerable<string> Libraries() => LinearAlgebra.Libraries.All;

    [OneTimeSetUp]
    public void UseLibrary() => MathNetProvider.Use(LinearAlgebra.Libraries.LoadOrSkip(library));

    [OneTimeTearDown]
    public void UseManaged() => LinearAlgebraControl.UseManaged();

    [Test]
    public void Product_of_any_shape_and_transposition_is_the_sum_of_products(
        [Values(1, 7, 24, 67)] int rows, [Values(1, 8, 31)] int columns, [Values(1, 40, 300)] int depth)
    {
        Matrix<T> a = Build.Random(rows, depth, 1), b = Build.Random(depth, columns, 2);
        Matrix<T> expected = PlainProduct(a, b);

        Assert.Multiple(() =>
        {
            Check(a.Multiply(b), "A·B");
            Check(a.Transpose().TransposeThisAndMultiply(b), "(Aᵀ)ᵀ·B");
            Check(a.TransposeAndMultiply(b.Transpose()), "A·(Bᵀ)ᵀ");
            Check(a.ConjugateTranspose().ConjugateTransposeThisAndMultiply(b), "(Aᴴ)ᴴ·B");
            Check(a.ConjugateTransposeAndMultiply(b.ConjugateTranspose()), "A·(Bᴴ)ᴴ");
            Check((a * b.Column(0)).ToColumnMatrix(), "A·b", expected.SubMatrix(0, rows, 0, 1));
        });

        // Two sums of depth products in any order differ by 2·depth·ε·Σ|aᵢₖ||bₖⱼ| at most.
        void Check(Matrix<T> product, string what, Matrix<T>? right = null) =>
            Assert.That((product - (right ?? expected)).FrobeniusNorm(), Is.LessThanOrEqualTo(2.0 * depth * Epsilon * a.FrobeniusNorm() * b.FrobeniusNorm()), what);
    }

    [Test]
    public void Update_adds_the_scaled_product_and_ignores_what_was_there_when_beta_is_zero()
    {
        Matrix<T> a = Build.Random(9, 6, 1), b = Build.Random(6, 4, 2), c = Build.Random(9, 4, 3);
        T alpha = a[0, 0], beta = b[0, 0];
        Matrix<T> expected = PlainProduct(a, b) * alpha + c * beta, unknown = Build.Dense(9, 4, (_, _) => NotANumber());
        var provider = (ILinearAlgebraProvider<T>)LinearAlgebraControl.Provider;

        Matrix<T> updated = c.Clone();
        provider.MatrixMultiplyWithUpdate(Transpose.DontTranspose, Transpose.DontTranspose, alpha, a.AsColumnMajorArray(), 9, 6, b.AsColumnMajorArray(), 6, 4, beta, updated.AsColumnMajorArray());
        provider.MatrixMultiplyWithUpdate(Transpose.DontTranspose, Transpose.DontTranspose, alpha, a.AsColumnMajorArray(), 9, 6, b.AsColumnMajorArray(), 6, 4, default, unknown.AsColumnMajorArray());

        Assert.That((updated - expected).FrobeniusNorm(), Is.LessThan(40 * Epsilon * expected.FrobeniusNorm()));
        Assert.That((unknown - (expected - c * beta)).FrobeniusNorm(), Is.LessThan(40 * Epsilon * expected.FrobeniusNorm()));
    }

    [Test]
    public void Vectors_are_added_scaled_and_multiplied_entry_by_entry([Values(1, 3, 8, 37, 1000)] int length)
    {
        Vector<T> x = Vector<T>.Build.Random(length, 1), y = Vector<T>.Build.Random(length, 2);
        T factor = x[0];
        Vector<T> sum = x + y, difference = x - y, scaled = x * factor, products = x.PointwiseMultiply(y);
        var axpy = new T[length];
        ((ILinearAlgebraProvider<T>)LinearAlgebraControl.Provider).AddVectorToScaledVector(y.AsArray(), factor, x.AsArray(), axpy);

        Complex dot = x.Zip(y, (left, right) => AsComplex(left) * AsComplex(right)).Aggregate(Complex.Zero, (total, product) => total + product);
        Assert.That(Complex.Abs(AsComplex(x.DotProduct(y)) - dot), Is.LessThanOrEqualTo(2.0 * length * Epsilon * x.L2Norm() * y.L2Norm()));
        for (int i = 0; i < length; i++)
        {
            Complex left = AsComplex(x[i]), right = AsComplex(y[i]), by = AsComplex(factor);
            Assert.That(sum[i], Is.EqualTo(Rounded(left + right)));
            Assert.That(difference[i], Is.EqualTo(Rounded(left - right)));
            double bound = 4 * Epsilon * (Complex.Abs(right) + Complex.Abs(left) * (Complex.Abs(right) + Complex.Abs(by)));
            Assert.That(Complex.Abs(AsComplex(scaled[i]) - left * by), Is.LessThanOrEqualTo(bound));
            Assert.That(Complex.Abs(AsComplex(products[i]) - left * right), Is.LessThanOrEqualTo(bound));
            Assert.That(Complex.Abs(AsComplex(axpy[i]) - (right + by * left)), Is.LessThanOrEqualTo(bound));
        }
    }

    [Test]
    public void Lu_gives_back_the_matrix_its_inverse_and_solutions([Values(1, 2, 33, 150)] int order)
    {
        Matrix<T> a = Build.Random(order, order, 3), sides = Build.Random(order, 3, 4);
        LU<T> lu = a.LU();
        double condition = a.FrobeniusNorm() * lu.Inverse().FrobeniusNorm();

        AssertSmall(Permuted(lu.L * lu.U, lu.P.Inverse()) - a, a, order, "P⁻¹·L·U − A");
        AssertSmall((a * lu.Solve(sides) - sides) / Scalar(condition), sides, order, "A·x − b");
        AssertSmall((a * a.Inverse() - Build.DenseIdentity(order)) / Scalar(condition), Build.DenseIdentity(order), order, "A·A⁻¹ − 1");
        AssertSmall((a * a.Solve(sides) - sides) / Scalar(condition), sides, order, "A·x − b, in one call");
    }

    [Test]
    public void Cholesky_gives_back_the_matrix_and_solutions([Values(1, 2, 33, 150)] int order)
    {
        Matrix<T> a = PositiveDefinite(order), sides = Build.Random(order, 3, 4);
        Cholesky<T> cholesky = a.Cholesky();

        AssertSmall(cholesky.Factor.ConjugateTransposeAndMultiply(cholesky.Factor) - a, a, order, "L·Lᴴ − A");
        AssertSmall(cholesky.Factor.StrictlyUpperTriangle(), a, order, "above the diagonal of L");
        AssertSmall(a * cholesky.Solve(sides) - sides, a, order, "A·x − b");
    }

    [Test]
    public void Qr_gives_back_the_matrix_from_orthonormal_columns_and_least_squares(
        [Values(1, 33, 120)] int columns, [Values(0, 5)] int more, [Values] QRMethod method)
    {
        int rows = columns + more;
        Matrix<T> a = Build.Random(rows, columns, 5), sides = Build.Random(rows, 2, 6);
        QR<T> qr = a.QR(method);
        Matrix<T> residual = a * qr.Solve(sides) - sides;

        AssertSmall(qr.Q * qr.R - a, a, rows, "Q·R − A");
        AssertOrthonormal(qr.Q);
        AssertSmall(a.ConjugateTransposeThisAndMultiply(residual) / Scalar(a.FrobeniusNorm() * Math.Sqrt(columns)), sides * Scalar(columns), rows, "Aᴴ·(A·x − b)");
    }

    [Test]
    public void Singular_value_decomposition_gives_back_the_matrix([Values(1, 20, 90)] int rows, [Values(1, 33, 90)] int columns)
    {
        Matrix<T> a = Build.Random(rows, columns, 7);
        Svd<T> svd = a.Svd(), valuesOnly = a.Svd(computeVectors: false);
        int larger = Math.Max(rows, columns);

        AssertSmall(svd.U * svd.W * svd.VT - a, a, larger, "U·W·Vᴴ − A");
        AssertOrthonormal(svd.U);
        AssertOrthonormal(svd.VT);
        AssertSmall((valuesOnly.S - svd.S).ToColumnMatrix(), a, larger, "values with and without vectors");
        if (rows >= columns)
        {
            Matrix<T> sides = Build.Random(rows, 2, 8), x = svd.Solve(sides);
            double condition = a.FrobeniusNorm() / Norm(svd.S[^1]);
            AssertSmall(a.ConjugateTransposeThisAndMultiply(a * x - sides) / Scalar(condition * a.FrobeniusNorm()), sides, larger, "Aᴴ·(A·x − b)");
        }
    }

    [Test]
    public void Hermitian_eigenvectors_are_orthonormal_and_diagonalise([Values(1, 2, 33, 150)] int order)
    {
        Matrix<T> half = Build.Random(order, order, 9), a = half + half.ConjugateTranspose();
        Evd<T> evd = a.Evd(Symmetricity.Hermitian);

        AssertSmall(a * evd.EigenVectors - evd.EigenVectors * evd.D, a, order, "A·V − V·D");
        AssertOrthonormal(evd.EigenVectors);
        Assert.That(evd.EigenValues.Select(value => value.Real), Is.Ordered);
    }

    [Test]
    public void General_eigenvectors_satisfy_their_equation([Values(1, 2, 33, 100)] int order)
    {
        Matrix<T> a = Build.Random(order, order, 10), before = a.Clone();
        Evd<T> evd = a.Evd(Symmetricity.Asymmetric);

        AssertSmall((a * evd.EigenVectors - evd.EigenVectors * evd.D) / Scalar(Math.Max(1, evd.EigenVectors.FrobeniusNorm())), a, order, "A·V − V·D");
        Assert.That(a, Is.EqualTo(before), "the matrix is left as it is");
        Complex trace = evd.EigenValues.Aggregate(Complex.Zero, (sum, value) => sum + value);
        Assert.That(Complex.Abs(trace - AsComplex(a.Trace())), Is.LessThan(order * order * Epsilon * a.FrobeniusNorm()));
    }

    [Test]
    public void Second_differences_have_their_known_eigenvalues()
    {
        const int Order = 60;
        Matrix<T> a = Build.Dense(Order, Order, (i, j) => Scalar(i == j ? 2 : Math.Abs(i - j) == 1 ? -1 : 0));
        double[] exact = [.. Enumerable.Range(1, Order).Select(k => 2 - 2 * Math.Cos(k * Math.PI / (Order + 1)))];

        Assert.That(a.Evd(Symmetricity.Hermitian).EigenValues.Select(value => value.Real), Is.EqualTo(exact).AsCollection.Within(Order * Epsilon * 4));
        Assert.That(a.Svd().S.Select(Norm).Order(), Is.EqualTo(exact).AsCollection.Within(Order * Epsilon * 4));
    }

    [Test]
    public void A_cyclic_shift_has_the_roots_of_one_as_eigenvalues()
    {
        const int Order = 24;
        Matrix<T> shift = Build.Dense(Order, Order, (i, j) => Scalar(i == (j + 1) % Order ? 1 : 0));

        Complex[] values = [.. shift.Evd(Symmetricity.Asymmetric).EigenValues];

        foreach (int k in Enumerable.Range(0, Order))
            Assert.That(values.Min(value => Complex.Abs(value - Complex.FromPolarCoordinates(1, 2 * Math.PI * k / Order))), Is.LessThan(Order * Epsilon * 10), $"root {k}");
    }

    [Test]
    public void Shapes_that_do_not_fit_are_refused()
    {
        var provider = (ILinearAlgebraProvider<T>)LinearAlgebraControl.Provider;
        T[] six = new T[6], four = new T[4];
        Assert.Multiple(() =>
        {
            Assert.That(() => Build.Random(3, 2, 1) * Build.Random(3, 2, 1), Throws.ArgumentException);
            Assert.That(() => provider.MatrixMultiply(six, 3, 2, four, 2, 2, four), Throws.ArgumentException);
            Assert.That(() => provider.MatrixMultiply(six, 3, 2, six, 3, 2, six), Throws.ArgumentException);
            Assert.That(() => provider.AddArrays(six, four, six), Throws.ArgumentException);
            Assert.That(() => Build.Random(3, 2, 1).LU(), Throws.ArgumentException);
            Assert.That(() => Build.Random(2, 3, 1).QR(), Throws.ArgumentException);
        });
    }

    [Test]
    public void A_matrix_that_is_not_positive_definite_is_refused_with_its_pivot()
    {
        Matrix<T> a = Build.Diagonal(5, 5, Scalar(1)) * Build.DenseIdentity(5);
        a[3, 3] = Scalar(-1);
        var refused = Assert.Catch<ArgumentException>(() => a.Cholesky());
        if (library != BlasLibrary.Managed)
            Assert.That(refused!.Message, Does.Contain("not positive definite").And.Contain("at pivot 3"));
    }

    [Test]
    public void A_singular_matrix_has_no_inverse_and_determinant_zero()
    {
        Matrix<T> a = Build.DenseIdentity(4);
        a[2, 2] = default;
        Assert.That(a.Determinant(), Is.EqualTo(default(T)));
        if (library != BlasLibrary.Managed)
            Assert.That(() => a.LU().Solve(Build.DenseIdentity(4)), Throws.TypeOf<FactorizationException>().With.Message.Contains("singular: pivot 2").And.Property("Pivot").EqualTo(2));
    }

    [Test]
    [CancelAfter(20_000)]
    public void Values_that_are_not_numbers_end_every_factorisation()
    {
        Matrix<T> a = PositiveDefinite(40);
        a[7, 7] = NotANumber();
        Action[] direct = [() => a.LU(), () => a.Cholesky(), () => a.QR()], iterated = [() => a.Svd(), () => a.Evd(Symmetricity.Hermitian), () => a.Evd(Symmetricity.Asymmetric)];
        // Managed, they are MathNet's own: its iterations need not end, and it refuses in its own way.
        bool isManaged = library == BlasLibrary.Managed;
        foreach (Action factorise in isManaged ? direct : [.. direct, .. iterated])
            try
            {
                factorise();
            }
            catch (Exception refused) when (refused is BlasException or FactorizationException || (isManaged && refused is ArgumentException))
            {
                Assert.That(refused.Message, Does.Not.Contain("\n"));
            }
    }

    private static void AssertSmall(Matrix<T> error, Matrix<T> matrix, int order, string what) =>
        Assert.That(error.FrobeniusNorm() / (matrix.FrobeniusNorm() * Math.Max(order, 8) * Epsilon), Is.LessThan(Allowed), what);

    private static void AssertOrthonormal(Matrix<T> vectors)
    {
        Matrix<T> identity = Build.DenseIdentity(vectors.ColumnCount);
        AssertSmall(vectors.ConjugateTransposeThisAndMultiply(vectors) - identity, identity, vectors.RowCount, "Vᴴ·V − 1");
    }

    private static Matrix<T> PositiveDefinite(int order)
    {
        Matrix<T> a = Build.Random(order, order, 11);
        return a.ConjugateTransposeThisAndMultiply(a) / Scalar(order) + Build.DenseIdentity(order);
    }

    private static Matrix<T> PlainProduct(Matrix<T> a, Matrix<T> b) => Build.Dense(a.RowCount, b.ColumnCount, (i, j) =>
    {
        Complex sum = 0;
        for (int k = 0; k < a.ColumnCount; k++)
            sum += AsComplex(a[i, k]) * AsComplex(b[k, j]);
        return Rounded(sum);
    });

    private static Matrix<T> Permuted(Matrix<T> rows, Permutation permutation)
    {
        Matrix<T> permuted = rows.Clone();
        permuted.PermuteRows(permutation);
        return permuted;
    }

    private static T Rounded(Complex value) => typeof(T) == typeof(Complex) ? (T)(object)value
        : typeof(T) == typeof(Complex32) ? (T)(object)new Complex32((float)value.Real, (float)value.Imaginary)
        : typeof(T) == typeof(float) ? (T)(object)(float)value.Real : (T)(object)value.Real;

    private static T Scalar(double value) => Rounded(value);

    private static T NotANumber() => Scalar(double.NaN);

    private static Complex AsComplex(T value) => value switch
    {
        double real => real,
        float real => real,
        Complex32 number => new(number.Real, number.Imaginary),
        _ => (Complex)(object)value,
    };

    private static double Norm(T value) => Complex.Abs(AsComplex(value));
}

[TestFixtureSource(nameof(Libraries))]
public sealed class DoubleAlgebraTests(string library) : DenseAlgebraTests<double>(library);

[TestFixtureSource(nameof(Libraries))]
public sealed class SingleAlgebraTests(string library) : DenseAlgebraTests<float>(library);

[TestFixtureSource(nameof(Libraries))]
public sealed class ComplexAlgebraTests(string library) : DenseAlgebraTests<Complex>(library);

[TestFixtureSource(nameof(Libraries))]
public sealed class ShortComplexAlgebraTests(string library) : DenseAlgebraTests<Complex32>(library);
