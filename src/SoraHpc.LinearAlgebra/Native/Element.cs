using System.Numerics;
using System.Runtime.CompilerServices;
using MathNet.Numerics;

namespace SoraHpc.LinearAlgebra.Native;

/// <summary>What differs between the four element types of LAPACK. The compiler leaves one branch of each choice.</summary>
internal static unsafe class Element<T> where T : unmanaged
{
    /// <summary>First letter of LAPACK's names.</summary>
    internal static char Prefix => typeof(T) == typeof(double) ? 'd' : typeof(T) == typeof(float) ? 's' : typeof(T) == typeof(Complex) ? 'z' : 'c';

    internal static bool IsComplex => typeof(T) == typeof(Complex) || typeof(T) == typeof(Complex32);

    /// <summary>Bytes of a real number of this precision: singular values, eigenvalues of Hermitian matrices.</summary>
    internal static int RealBytes => IsComplex ? sizeof(T) / 2 : sizeof(T);

    internal static T From(double real)
    {
        if (typeof(T) == typeof(double))
            return Unsafe.BitCast<double, T>(real);
        if (typeof(T) == typeof(float))
            return Unsafe.BitCast<float, T>((float)real);
        return typeof(T) == typeof(Complex) ? Unsafe.BitCast<Complex, T>(new(real, 0)) : Unsafe.BitCast<Complex32, T>(new((float)real, 0));
    }

    /// <summary>Entry of an array of reals of this precision.</summary>
    internal static double RealAt(void* reals, long index) => RealBytes == sizeof(double) ? ((double*)reals)[index] : ((float*)reals)[index];

    internal static Complex ToComplex(T value)
    {
        if (typeof(T) == typeof(double))
            return Unsafe.BitCast<T, double>(value);
        if (typeof(T) == typeof(float))
            return Unsafe.BitCast<T, float>(value);
        return typeof(T) == typeof(Complex) ? Unsafe.BitCast<T, Complex>(value) : Unsafe.BitCast<T, Complex32>(value).ToComplex();
    }

    internal static bool IsZero(T value) => ToComplex(value) == Complex.Zero;
}
