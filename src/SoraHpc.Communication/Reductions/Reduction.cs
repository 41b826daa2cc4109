using System.Numerics;

namespace SoraHpc.Communication.Reductions;

/// <summary>Combines operands of any element type, for transports that reduce by themselves.</summary>
internal static unsafe class Reduction
{
    private const int Kinds = (int)ReduceKind.MaxLocation + 1;

    // One entry per element kind and reduction: total[i] = total[i] ∘ operand[i]. Zero where the standard defines none.
    private static readonly nint[] Kernels = Fill();

    /// <summary>total = total ∘ operand for <paramref name="count"/> elements; total holds the lower ranks' part.</summary>
    /// <param name="spare">Room for the elements, used by user-defined operations.</param>
    internal static void Accumulate(ReduceOperation operation, ElementType type, void* total, void* operand, nint count, void* spare)
    {
        nint bytes = count * type.Size;
        switch (operation.Kind)
        {
            case ReduceKind.User:
                Buffer.MemoryCopy(operand, spare, bytes, bytes);
                operation.UserCombine!(total, spare, count);
                Buffer.MemoryCopy(spare, total, bytes, bytes);
                break;
            case ReduceKind.Replace:
                Buffer.MemoryCopy(operand, total, bytes, bytes);
                break;
            case ReduceKind.NoOperation:
                break;
            default:
                ((delegate*<void*, void*, nint, void>)Kernels[(int)type.Kind * Kinds + (int)operation.Kind])(total, operand, count);
                break;
        }
    }

    private static nint[] Fill()
    {
        nint[] kernels = new nint[ElementType.Kinds * Kinds];
        Integers<sbyte>(kernels, ElementKind.Int8);
        Integers<byte>(kernels, ElementKind.UInt8);
        Integers<short>(kernels, ElementKind.Int16);
        Integers<ushort>(kernels, ElementKind.UInt16);
        Integers<int>(kernels, ElementKind.Int32);
        Integers<uint>(kernels, ElementKind.UInt32);
        Integers<long>(kernels, ElementKind.Int64);
        Integers<ulong>(kernels, ElementKind.UInt64);
        Numbers<float>(kernels, ElementKind.Single);
        Numbers<double>(kernels, ElementKind.Double);
        Set(kernels, ElementKind.Complex, ReduceKind.Sum, &ElementwiseKernel.Scalars<Complex, ComplexSum>);
        Set(kernels, ElementKind.Complex, ReduceKind.Product, &ElementwiseKernel.Scalars<Complex, ComplexProduct>);
        Set(kernels, ElementKind.Boolean, ReduceKind.LogicalAnd, &ElementwiseKernel.Scalars<byte, LogicalAnd<byte>>);
        Set(kernels, ElementKind.Boolean, ReduceKind.LogicalOr, &ElementwiseKernel.Scalars<byte, LogicalOr<byte>>);
        Set(kernels, ElementKind.Boolean, ReduceKind.LogicalXor, &ElementwiseKernel.Scalars<byte, LogicalXor<byte>>);
        Locations<double>(kernels, ElementKind.LocatedDouble);
        Locations<float>(kernels, ElementKind.LocatedSingle);
        Locations<int>(kernels, ElementKind.LocatedInt32);
        return kernels;
    }

    private static void Numbers<T>(nint[] kernels, ElementKind kind) where T : unmanaged, INumber<T>
    {
        Set(kernels, kind, ReduceKind.Sum, &ElementwiseKernel.Vectors<T, Sum<T>>);
        Set(kernels, kind, ReduceKind.Product, &ElementwiseKernel.Vectors<T, Product<T>>);
        Set(kernels, kind, ReduceKind.Min, &ElementwiseKernel.Vectors<T, Min<T>>);
        Set(kernels, kind, ReduceKind.Max, &ElementwiseKernel.Vectors<T, Max<T>>);
    }

    private static void Integers<T>(nint[] kernels, ElementKind kind) where T : unmanaged, IBinaryInteger<T>
    {
        Numbers<T>(kernels, kind);
        Set(kernels, kind, ReduceKind.BitwiseAnd, &ElementwiseKernel.Vectors<T, BitwiseAnd<T>>);
        Set(kernels, kind, ReduceKind.BitwiseOr, &ElementwiseKernel.Vectors<T, BitwiseOr<T>>);
        Set(kernels, kind, ReduceKind.BitwiseXor, &ElementwiseKernel.Vectors<T, BitwiseXor<T>>);
        Set(kernels, kind, ReduceKind.LogicalAnd, &ElementwiseKernel.Scalars<T, LogicalAnd<T>>);
        Set(kernels, kind, ReduceKind.LogicalOr, &ElementwiseKernel.Scalars<T, LogicalOr<T>>);
        Set(kernels, kind, ReduceKind.LogicalXor, &ElementwiseKernel.Scalars<T, LogicalXor<T>>);
    }

    private static void Locations<T>(nint[] kernels, ElementKind kind) where T : unmanaged, INumber<T>
    {
        Set(kernels, kind, ReduceKind.MinLocation, &ElementwiseKernel.Scalars<Located<T>, MinLocation<T>>);
        Set(kernels, kind, ReduceKind.MaxLocation, &ElementwiseKernel.Scalars<Located<T>, MaxLocation<T>>);
    }

    private static void Set(nint[] kernels, ElementKind element, ReduceKind reduction, delegate*<void*, void*, nint, void> kernel) =>
        kernels[(int)element * Kinds + (int)reduction] = (nint)kernel;
}
