using System.Runtime.InteropServices;

namespace SoraHpc.Communication.Mpi;

internal sealed unsafe partial class MpiCommunicator
{
    protected override Request ReduceCore(in Payload send, in Payload receive, ReduceOperation operation, int root, bool start)
    {
        nint comm = Open(nameof(Reduce)), type = types.OperandOf(send.Type), op = Process.Operations.Of(operation), request = 0;
        int count = IsInPlace(send) ? Count(receive) : Count(send);
        void* result = Rank == root ? receive.Address : null;
        if (start)
        {
            int code = mpi.Ireduce(Operand(send), result, count, type, op, root, comm, &request);
            return Started(code, request, nameof(Reduce));
        }
        if (!IsInPlace(send) || abi.ReducesInPlaceAtAnyRoot || root == 0)
            return Done(mpi.Reduce(Operand(send), result, count, type, op, root, comm), nameof(Reduce));
        void* copy = NativeMemory.Alloc((nuint)receive.Bytes);
        NativeMemory.Copy(receive.Address, copy, (nuint)receive.Bytes);
        int outcome = mpi.Reduce(copy, result, count, type, op, root, comm);
        NativeMemory.Free(copy);
        return Done(outcome, nameof(Reduce));
    }

    protected override Request AllreduceCore(in Payload send, in Payload receive, ReduceOperation operation, bool start)
    {
        nint comm = Open(nameof(Allreduce)), type = types.OperandOf(send.Type), op = Process.Operations.Of(operation), request = 0;
        if (!start)
            return Done(mpi.Allreduce(Operand(send), receive.Address, Count(receive), type, op, comm), nameof(Allreduce));
        int code = mpi.Iallreduce(Operand(send), receive.Address, Count(receive), type, op, comm, &request);
        return Started(code, request, nameof(Allreduce));
    }

    protected override Request ScanCore(in Payload send, in Payload receive, ReduceOperation operation, bool start)
    {
        nint comm = Open(nameof(Scan)), type = types.OperandOf(send.Type), op = Process.Operations.Of(operation), request = 0;
        if (!start)
            return Done(mpi.Scan(Operand(send), receive.Address, Count(receive), type, op, comm), nameof(Scan));
        int code = mpi.Iscan(Operand(send), receive.Address, Count(receive), type, op, comm, &request);
        return Started(code, request, nameof(Scan));
    }

    protected override Request ExscanCore(in Payload send, in Payload receive, ReduceOperation operation, bool start)
    {
        nint comm = Open(nameof(Exscan)), type = types.OperandOf(send.Type), op = Process.Operations.Of(operation), request = 0;
        if (!start)
            return Done(mpi.Exscan(Operand(send), receive.Address, Count(receive), type, op, comm), nameof(Exscan));
        int code = mpi.Iexscan(Operand(send), receive.Address, Count(receive), type, op, comm, &request);
        return Started(code, request, nameof(Exscan));
    }

    protected override Request ReduceScatterCore(in Payload send, in Payload receive, ReduceOperation operation, bool start)
    {
        nint comm = Open(nameof(ReduceScatter)), type = types.OperandOf(send.Type), op = Process.Operations.Of(operation), request = 0;
        if (!start)
            return Done(mpi.ReduceScatterBlock(Operand(send), receive.Address, Count(receive), type, op, comm), nameof(ReduceScatter));
        int code = mpi.IreduceScatterBlock(Operand(send), receive.Address, Count(receive), type, op, comm, &request);
        return Started(code, request, nameof(ReduceScatter));
    }

    protected override Request ReduceScattervCore(in Payload send, in Payload receive, ReadOnlySpan<int> counts, ReduceOperation operation, bool start)
    {
        nint comm = Open(nameof(ReduceScatterv)), type = types.OperandOf(send.Type), op = Process.Operations.Of(operation), request = 0;
        if (!start)
            fixed (int* c = counts)
                return Done(mpi.ReduceScatter(Operand(send), receive.Address, c, type, op, comm), nameof(ReduceScatterv));
        int[] kept = requests.KeepCounts(counts, default);
        fixed (int* c = kept)
        {
            int code = mpi.IreduceScatter(Operand(send), receive.Address, c, type, op, comm, &request);
            return Started(code, request, nameof(ReduceScatterv), kept);
        }
    }
}
