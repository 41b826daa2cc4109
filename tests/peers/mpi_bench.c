/* The C side of `sora bench mpi`: the same measurements as src/SoraHpc.Cli/Bench/MpiMeasurements.cs, line by line.
   Two ranks; the argument is the thread level, 0 (single) to 3 (multiple). Prints "<kind> <bytes> <seconds>": seconds of one message (latency), of one of a window (stream), of one call (allreduce). */
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BATCHES = 10, WINDOW = 16, MOST = 4 << 20 };

static char *out, *in;
static int rank;

static int repetitions(int bytes) { return bytes <= 4096 ? 4000 : bytes <= 65536 ? 800 : bytes <= 1 << 20 ? 80 : 20; }

static void latency(int bytes, int count) {
    for (int i = 0; i < count; i++)
        if (rank == 0) {
            MPI_Send(out, bytes, MPI_BYTE, 1, 1, MPI_COMM_WORLD);
            MPI_Recv(in, bytes, MPI_BYTE, 1, 1, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
        } else {
            MPI_Recv(in, bytes, MPI_BYTE, 0, 1, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
            MPI_Send(out, bytes, MPI_BYTE, 0, 1, MPI_COMM_WORLD);
        }
}

static void stream(int bytes, int count) {
    MPI_Request requests[WINDOW];
    for (int i = 0; i < count; i++) {
        for (int w = 0; w < WINDOW; w++)
            if (rank == 0)
                MPI_Isend(out, bytes, MPI_BYTE, 1, 2, MPI_COMM_WORLD, &requests[w]);
            else
                MPI_Irecv(in, bytes, MPI_BYTE, 0, 2, MPI_COMM_WORLD, &requests[w]);
        MPI_Waitall(WINDOW, requests, MPI_STATUSES_IGNORE);
        if (rank == 0)
            MPI_Recv(in, 0, MPI_BYTE, 1, 3, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
        else
            MPI_Send(out, 0, MPI_BYTE, 0, 3, MPI_COMM_WORLD);
    }
}

static void allreduce(int bytes, int count) {
    for (int i = 0; i < count; i++)
        MPI_Allreduce(out, in, bytes / 8, MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD);
}

static void measure(const char *kind, void (*run)(int, int), int bytes, int count, double per) {
    double best = 1e9;
    run(bytes, count);
    for (int batch = 0; batch < BATCHES; batch++) {
        MPI_Barrier(MPI_COMM_WORLD);
        double begun = MPI_Wtime();
        run(bytes, count);
        double spent = (MPI_Wtime() - begun) / (count * per);
        if (spent < best)
            best = spent;
    }
    if (rank == 0)
        printf("%s %d %.9e\n", kind, bytes, best);
}

int main(int argc, char **argv) {
    const int levels[] = {MPI_THREAD_SINGLE, MPI_THREAD_FUNNELED, MPI_THREAD_SERIALIZED, MPI_THREAD_MULTIPLE};
    int provided;
    MPI_Init_thread(&argc, &argv, levels[argc > 1 ? argv[1][0] - '0' : 0], &provided);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    out = aligned_alloc(4096, MOST);
    in = aligned_alloc(4096, MOST);
    memset(out, 0, MOST);
    memset(in, 0, MOST);
    measure("latency", latency, 0, repetitions(0), 2);
    for (int bytes = 1; bytes <= MOST; bytes *= 4)
        measure("latency", latency, bytes, repetitions(bytes), 2);
    for (int bytes = 1; bytes <= MOST; bytes *= 4)
        measure("stream", stream, bytes, repetitions(bytes) / 4, WINDOW);
    for (int bytes = 8; bytes < 1 << 20; bytes *= 8)
        measure("allreduce", allreduce, bytes, repetitions(bytes), 1);
    measure("allreduce", allreduce, 1 << 20, repetitions(1 << 20), 1);
    MPI_Finalize();
    return 0;
}
