/* The same three operations as `sora bench dense` by ScaLAPACK over Open MPI, for comparing in turn:
     mpicc.openmpi -O2 scalapack_bench.c -o scalapack_bench /usr/lib/x86_64-linux-gnu/libscalapack-openmpi.so.2.2
     mpiexec.openmpi -n 2 ./scalapack_bench 4096 192 3
   Arguments: order, block, rounds, rows of ranks (default 1). Prints the best GF/s of product, LU and Cholesky. Its BLAS is the system's
   libblas.so.3. */
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>

void Cblacs_get(int, int, int *);
void Cblacs_gridinit(int *, const char *, int, int);
void Cblacs_gridinfo(int, int *, int *, int *, int *);
int numroc_(int *, int *, int *, int *, int *);
void descinit_(int *, int *, int *, int *, int *, int *, int *, int *, int *, int *);
void pdgemm_(const char *, const char *, int *, int *, int *, double *, double *, int *, int *, int *, double *, int *, int *, int *, double *, double *, int *, int *, int *);
void pdgetrf_(int *, int *, double *, int *, int *, int *, int *, int *);
void pdpotrf_(const char *, int *, double *, int *, int *, int *, int *);

static void fill(double *values, size_t count, unsigned long state) {
    for (size_t i = 0; i < count; i++) {
        state = state * 6364136223846793005ul + 1442695040888963407ul;      /* Knuth's multiplier for 64 bits */
        values[i] = (double)(state >> 11) / 9007199254740992.0;
    }
}

static double since(double begun) {
    double taken = MPI_Wtime() - begun, longest;
    MPI_Allreduce(&taken, &longest, 1, MPI_DOUBLE, MPI_MAX, MPI_COMM_WORLD);
    return longest;
}

int main(int argc, char **argv) {
    MPI_Init(&argc, &argv);
    int ranks, rank, context, grid_rows, grid_columns, row, column, zero = 0, one = 1, info;
    MPI_Comm_size(MPI_COMM_WORLD, &ranks);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    int n = argc > 1 ? atoi(argv[1]) : 4096, nb = argc > 2 ? atoi(argv[2]) : 128, rounds = argc > 3 ? atoi(argv[3]) : 3;
    grid_rows = argc > 4 ? atoi(argv[4]) : 1;
    Cblacs_get(-1, 0, &context);
    Cblacs_gridinit(&context, "Row", grid_rows, ranks / grid_rows);
    Cblacs_gridinfo(context, &grid_rows, &grid_columns, &row, &column);
    int rows = numroc_(&n, &nb, &row, &zero, &grid_rows), columns = numroc_(&n, &nb, &column, &zero, &grid_columns);
    int description[9], leading = rows > 0 ? rows : 1;
    descinit_(description, &n, &n, &nb, &nb, &zero, &zero, &context, &leading, &info);
    size_t count = (size_t)leading * columns;
    double *a = malloc(count * sizeof(double)), *b = malloc(count * sizeof(double)), *c = calloc(count, sizeof(double)), best[3] = {1e30, 1e30, 1e30};
    int *pivots = malloc((rows + nb) * sizeof(int));
    for (int round = 0; round < rounds; round++) {
        double factor = 1, none = 0, seconds[3];
        fill(a, count, 2 * rank + 1);
        fill(b, count, 2 * rank + 2);
        MPI_Barrier(MPI_COMM_WORLD);
        double begun = MPI_Wtime();
        pdgemm_("N", "N", &n, &n, &n, &factor, a, &one, &one, description, b, &one, &one, description, &none, c, &one, &one, description);
        seconds[0] = since(begun);
        MPI_Barrier(MPI_COMM_WORLD);
        begun = MPI_Wtime();
        pdgetrf_(&n, &n, a, &one, &one, description, pivots, &info);
        seconds[1] = since(begun);
        for (int j = 0; j < columns; j++)
            for (int i = 0; i < rows; i++)
                if ((i / nb * grid_rows + row) * nb + i % nb == (j / nb * grid_columns + column) * nb + j % nb)
                    b[(size_t)j * leading + i] = n;
        MPI_Barrier(MPI_COMM_WORLD);
        begun = MPI_Wtime();
        pdpotrf_("L", &n, b, &one, &one, description, &info);
        seconds[2] = since(begun);
        for (int i = 0; i < 3; i++)
            best[i] = seconds[i] < best[i] ? seconds[i] : best[i];
    }
    double cube = (double)n * n * n / 1e9;
    if (rank == 0)
        printf("ScaLAPACK, order %d, blocks of %d, %d x %d ranks: product %.1f, LU %.1f, Cholesky %.1f GF/s\n", n, nb, grid_rows, grid_columns,
            2 * cube / best[0], 2 * cube / 3 / best[1], cube / 3 / best[2]);
    MPI_Finalize();
    return 0;
}
