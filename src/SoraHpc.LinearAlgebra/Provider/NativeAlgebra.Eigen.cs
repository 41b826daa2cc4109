using System.Numerics;
using SoraHpc.LinearAlgebra.Native;

namespace SoraHpc.LinearAlgebra.Provider;

internal sealed unsafe partial class NativeAlgebra<T>
{
    // Vectors to matrixEv, values to vectorEv and, as MathNet wants them, to the diagonal of matrixD; matrix is left as it is.
    public override void EigenDecomp(bool isSymmetric, int order, T[] matrix, T[] matrixEv, Complex[] vectorEv, T[] matrixD)
    {
        MatrixArguments.Check(matrix, order, order, nameof(matrix));
        MatrixArguments.Check(matrixEv, order, order, nameof(matrixEv));
        MatrixArguments.Check(vectorEv, order, nameof(vectorEv));
        MatrixArguments.Check(matrixD, order, order, nameof(matrixD));
        matrixD.AsSpan().Clear();
        if (order == 0)
            return;
        CheckFinite(matrix, order, order);
        if (isSymmetric)
            Symmetric(order, matrix, matrixEv, vectorEv, matrixD);
        else if (Element<T>.IsComplex)
            General(order, matrix, matrixEv, vectorEv, matrixD);
        else
            GeneralReal(order, matrix, matrixEv, vectorEv, matrixD);
    }

    private void Symmetric(int order, T[] matrix, T[] matrixEv, Complex[] vectorEv, T[] matrixD)
    {
        matrix.CopyTo(matrixEv, 0);
        using Workspace values = new((long)order * Element<T>.RealBytes);
        int info;
        using (MatrixMemory<T> memory = new(matrixEv, order))
            info = Element<T>.IsComplex ? Hermitian(order, memory.Address, values.Address) : RealSymmetric(order, memory.Address, values.Address);
        CheckConverged(Element<T>.IsComplex ? "heevd" : "syevd", info, order);
        for (int i = 0; i < order; i++)
        {
            double value = Element<T>.RealAt(values.Address, i);
            vectorEv[i] = value;
            matrixD[(long)i * order + i] = Element<T>.From(value);
        }
    }

    private int RealSymmetric(int order, T* vectors, void* values)
    {
        int info, length = -1, integers = -1, integerLength;
        byte wanted = Vectors, lower = Lower;
        T best;
        functions.Syevd(&wanted, &lower, &order, vectors, &order, values, &best, &length, &integerLength, &integers, &info, 1, 1);
        length = LengthOf(best);
        using Workspace work = new((long)length * sizeof(T));
        using Workspace integerWork = new((long)integerLength * sizeof(int));
        functions.Syevd(&wanted, &lower, &order, vectors, &order, values, work.Address, &length, (int*)integerWork.Address, &integerLength, &info, 1, 1);
        return info;
    }

    private int Hermitian(int order, T* vectors, void* values)
    {
        int info, length = -1, reals = -1, integers = -1, integerLength;
        byte wanted = Vectors, lower = Lower;
        T best;
        double realBest;                                // wide enough for either precision
        functions.Heevd(&wanted, &lower, &order, vectors, &order, values, &best, &length, &realBest, &reals, &integerLength, &integers, &info, 1, 1);
        length = LengthOf(best);
        reals = checked((int)Math.Ceiling(Element<T>.RealAt(&realBest, 0)));
        using Workspace work = new((long)length * sizeof(T));
        using Workspace realWork = new((long)reals * Element<T>.RealBytes);
        using Workspace integerWork = new((long)integerLength * sizeof(int));
        functions.Heevd(&wanted, &lower, &order, vectors, &order, values, work.Address, &length, realWork.Address, &reals, (int*)integerWork.Address, &integerLength, &info, 1, 1);
        return info;
    }

    // A pair of conjugate values λ ± iμ has its vectors' real and imaginary part in two columns, and in D the block [λ μ; −μ λ].
    private void GeneralReal(int order, T[] matrix, T[] matrixEv, Complex[] vectorEv, T[] matrixD)
    {
        using Workspace copy = new((long)order * order * sizeof(T));
        matrix.AsSpan().CopyTo(new(copy.Address, order * order));
        using Workspace values = new(2L * order * sizeof(T));
        T* real = (T*)values.Address, imaginary = real + order;
        int info, length = -1;
        byte no = No, wanted = Vectors;
        T best;
        fixed (T* vectors = matrixEv)
        {
            functions.GeevReal(&no, &wanted, &order, copy.Address, &order, real, imaginary, null, &order, vectors, &order, &best, &length, &info, 1, 1);
            length = LengthOf(best);
            using Workspace work = new((long)length * sizeof(T));
            functions.GeevReal(&no, &wanted, &order, copy.Address, &order, real, imaginary, null, &order, vectors, &order, work.Address, &length, &info, 1, 1);
        }
        CheckConverged("geev", info, order);
        for (int i = 0; i < order; i++)
        {
            double conjugate = Element<T>.RealAt(imaginary, i);
            vectorEv[i] = new(Element<T>.RealAt(real, i), conjugate);
            matrixD[(long)i * order + i] = real[i];
            if (conjugate != 0)
                matrixD[(long)(conjugate > 0 ? i + 1 : i - 1) * order + i] = imaginary[i];
        }
    }

    private void General(int order, T[] matrix, T[] matrixEv, Complex[] vectorEv, T[] matrixD)
    {
        using MatrixMemory<T> copy = new(matrix, order, written: false), memory = new(matrixEv, order);
        using Workspace values = new((long)order * sizeof(T));
        using Workspace realWork = new(2L * order * Element<T>.RealBytes);
        int info, length = -1;
        byte no = No, wanted = Vectors;
        T best;
        functions.GeevComplex(&no, &wanted, &order, copy.Address, &order, values.Address, null, &order, memory.Address, &order, &best, &length, realWork.Address, &info, 1, 1);
        length = LengthOf(best);
        using Workspace work = new((long)length * sizeof(T));
        functions.GeevComplex(&no, &wanted, &order, copy.Address, &order, values.Address, null, &order, memory.Address, &order, work.Address, &length, realWork.Address, &info, 1, 1);
        CheckConverged("geev", info, order);
        for (int i = 0; i < order; i++)
        {
            T value = ((T*)values.Address)[i];
            vectorEv[i] = Element<T>.ToComplex(value);
            matrixD[(long)i * order + i] = value;
        }
    }

    private static void CheckConverged(string routine, int info, int order)
    {
        CheckArguments(routine, info);
        if (info > 0)
            throw new FactorizationException($"the eigenvalues of the matrix of order {order} do not converge; scale it, or look for values that are not numbers", -1);
    }
}
