/* The C side of `sora bench fft`: n x n x n complex numbers in place by FFTW-MPI, spectrum left transposed as ours is; real ones, with
   a third argument, in place too and padded as FFTW wants them.
   Prints the best time of a forward and of an inverse transform, each from all ranks ready to all ranks done. */
#include <fftw3-mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static double best_of(fftw_plan plan, int rounds)
{
    double best = 1e99;
    for (int round = 0; round < rounds; round++) {
        MPI_Barrier(MPI_COMM_WORLD);
        double begun = MPI_Wtime();
        fftw_execute(plan);
        double seconds = MPI_Wtime() - begun;
        MPI_Allreduce(MPI_IN_PLACE, &seconds, 1, MPI_DOUBLE, MPI_MAX, MPI_COMM_WORLD);
        if (seconds < best)
            best = seconds;
    }
    return best;
}

int main(int argc, char **argv)
{
    MPI_Init(&argc, &argv);
    fftw_mpi_init();
    ptrdiff_t n = argc > 1 ? atol(argv[1]) : 256, planes, first, planes_out, first_out;
    int rounds = argc > 2 ? atoi(argv[2]) : 5, rank;
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    int real = argc > 3 && !strcmp(argv[3], "real");
    ptrdiff_t held = fftw_mpi_local_size_3d_transposed(n, n, real ? n / 2 + 1 : n, MPI_COMM_WORLD, &planes, &first, &planes_out, &first_out);
    fftw_complex *data = fftw_alloc_complex(held);
    fftw_plan forward = real ? fftw_mpi_plan_dft_r2c_3d(n, n, n, (double *)data, data, MPI_COMM_WORLD, FFTW_MEASURE | FFTW_MPI_TRANSPOSED_OUT)
        : fftw_mpi_plan_dft_3d(n, n, n, data, data, MPI_COMM_WORLD, FFTW_FORWARD, FFTW_MEASURE | FFTW_MPI_TRANSPOSED_OUT);
    fftw_plan inverse = real ? fftw_mpi_plan_dft_c2r_3d(n, n, n, data, (double *)data, MPI_COMM_WORLD, FFTW_MEASURE | FFTW_MPI_TRANSPOSED_IN)
        : fftw_mpi_plan_dft_3d(n, n, n, data, data, MPI_COMM_WORLD, FFTW_BACKWARD, FFTW_MEASURE | FFTW_MPI_TRANSPOSED_IN);
    for (ptrdiff_t i = 0; i < held; i++) {
        data[i][0] = (double)(i % 17) / n;
        data[i][1] = (double)(i % 13) / n;
    }
    double there = best_of(forward, rounds);
    for (ptrdiff_t i = 0; i < held; i++) {       /* a transform does not scale: many in a row would overflow */
        data[i][0] = (double)(i % 17) / n;
        data[i][1] = (double)(i % 13) / n;
    }
    double back = best_of(inverse, rounds);
    if (rank == 0)
        printf("forward %.9e\ninverse %.9e\n", there, back);
    MPI_Finalize();
    return 0;
}
