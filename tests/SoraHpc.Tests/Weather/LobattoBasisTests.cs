using NUnit.Framework;
using SoraHpc.Jobs.Weather;

namespace SoraHpc.Tests.Weather;

public sealed class LobattoBasisTests
{
    [Test]
    public void Derivative_matrix_sums_by_parts()
    {
        for (int i = 0; i < 4; i++)
            for (int m = 0; m < 4; m++)
            {
                double boundary = i != m ? 0 : i == 0 ? -1 : i == 3 ? 1 : 0;
                double sum = LobattoBasis.Weights[i] * LobattoBasis.Derivative[4 * i + m] + LobattoBasis.Weights[m] * LobattoBasis.Derivative[4 * m + i];
                Assert.That(sum, Is.EqualTo(boundary).Within(1e-15));
            }
    }

    [Test]
    public void Derivative_of_a_polynomial_is_exact_up_to_degree([Range(0, 3)] int degree)
    {
        for (int i = 0; i < 4; i++)
        {
            double derivative = 0;
            for (int m = 0; m < 4; m++)
                derivative += LobattoBasis.Derivative[4 * i + m] * Math.Pow(LobattoBasis.Points[m], degree);
            Assert.That(derivative, Is.EqualTo(degree == 0 ? 0 : degree * Math.Pow(LobattoBasis.Points[i], degree - 1)).Within(1e-14));
        }
    }

    [Test]
    public void Quadrature_is_exact_up_to_degree([Range(0, 5)] int degree)
    {
        double integral = 0;
        for (int i = 0; i < 4; i++)
            integral += LobattoBasis.Weights[i] * Math.Pow(LobattoBasis.Points[i], degree);
        Assert.That(integral, Is.EqualTo(degree % 2 == 1 ? 0 : 2.0 / (degree + 1)).Within(1e-15));
    }

    [Test]
    public void Polynomials_interpolate_a_cubic()
    {
        double[] values = new double[4];
        LobattoBasis.Evaluate(0.3, values);
        double interpolated = 0;
        for (int i = 0; i < 4; i++)
            interpolated += values[i] * Math.Pow(LobattoBasis.Points[i], 3);
        Assert.That(interpolated, Is.EqualTo(0.027).Within(1e-15));
    }

    [Test]
    public void Time_scheme_is_of_fourth_order()
    {
        // y' = −y² + cos t as an autonomous pair; halving the step divides the error by 16.
        static double Integrate(int steps)
        {
            double y = 1, t = 0, dy = 0, dt = 0, step = 2.0 / steps;
            for (int n = 0; n < steps; n++)
                for (int s = 0; s < 5; s++)
                {
                    dy = LowStorageRungeKutta.Carry[s] * dy + step * (Math.Cos(t) - y * y);
                    dt = LowStorageRungeKutta.Carry[s] * dt + step;
                    y += LowStorageRungeKutta.Advance[s] * dy;
                    t += LowStorageRungeKutta.Advance[s] * dt;
                }
            return y;
        }
        double exact = Integrate(4096);
        double order = Math.Log2(Math.Abs(Integrate(16) - exact) / Math.Abs(Integrate(32) - exact));
        Assert.That(order, Is.EqualTo(4).Within(0.3));
    }
}
