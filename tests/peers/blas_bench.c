/* The C side of `sora bench blas`: the same calls of the same library, made by C. Arguments: the files of BLAS and of LAPACK; their threads and
   core type come in the environment. Reads lines "<kernel> <order> <repetitions> <new> <whole>", answers each with the best time of one call
   [s]. With new = 0 the results go where those before them went: memory is taken once for each line, only the copy that a factorisation
   destroys counts. With new = 1 each repetition takes memory for its results and gives it back, as a function that returns matrices has to.
   With whole = 1 it makes all that MathNet's factorisations have: Q beside R, zeros above a Cholesky factor. */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef void routine();

static void *blas, *lapack;

static routine *find(void *library, const char *name) {
    routine *found = (routine *)dlsym(library, name);
    if (!found) {
        fprintf(stderr, "%s\n", dlerror());
        exit(1);
    }
    return found;
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + 1e-9 * time.tv_nsec;
}

static double *numbers(size_t count) {
    double *memory = malloc(count * sizeof(double));
    unsigned long state = 1;
    for (size_t i = 0; i < count; i++) {
        state = state * 6364136223846793005ul + 1442695040888963407ul;      /* Knuth's multiplier for 64 bits */
        memory[i] = (double)(state >> 11) / 9007199254740992.0 - 0.5;
    }
    return memory;
}

/* One call; with length -1 LAPACK only tells how much work memory it wants. Q replaces R where q is a. */
static void call(const char *kernel, int n, double *a, double *q, double *second, double *third, double *work, int length, int *integers, int integer_length) {
    double one = 1, zero = 0;
    int info = 0;
    if (!strcmp(kernel, "gemm"))
        find(blas, "dgemm_")("N", "N", &n, &n, &n, &one, a, &n, second, &n, &zero, third, &n, 1L, 1L);
    else if (!strcmp(kernel, "lu"))
        find(lapack, "dgetrf_")(&n, &n, a, &n, integers, &info);
    else if (!strcmp(kernel, "cholesky"))
        find(lapack, "dpotrf_")("L", &n, a, &n, &info, 1L);
    else if (!strcmp(kernel, "qr")) {
        find(lapack, "dgeqrf_")(&n, &n, a, &n, second, work, &length, &info);
        if (length > 0 && q != a)
            memcpy(q, a, (size_t)n * n * sizeof(double));
        if (length > 0)
            find(lapack, "dorgqr_")(&n, &n, &n, q, &n, second, work, &length, &info);
    } else if (!strcmp(kernel, "svd"))
        find(lapack, "dgesdd_")("A", &n, &n, a, &n, work + 1, second, &n, third, &n, length < 0 ? work : work + n + 1, &length, integers, &info, 1L);
    else
        find(lapack, "dsyevd_")("V", "L", &n, a, &n, second, work, &length, integers, &integer_length, &info, 1L, 1L);
    if (info) {
        fprintf(stderr, "%s: info %d\n", kernel, info);
        exit(1);
    }
}

static double best(const char *kernel, int n, int repetitions, int fresh, int whole) {
    size_t size = (size_t)n * n, bytes = size * sizeof(double);
    double *matrix = numbers(size), *a = numbers(size), *second = numbers(size), *third = numbers(size), wanted[2] = {0, 0}, least = 1e300;
    int *integers = malloc((10 * (size_t)n + 10) * sizeof(int)), length = 0;
    int product = !strcmp(kernel, "gemm"), cholesky = !strcmp(kernel, "cholesky"), qr = !strcmp(kernel, "qr"), svd = !strcmp(kernel, "svd");
    if (cholesky || !strcmp(kernel, "eigen"))
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < i; j++)
                matrix[i * (size_t)n + j] = matrix[j * (size_t)n + i];
            matrix[i * (size_t)n + i] += n;
        }
    if (qr || svd || !strcmp(kernel, "eigen")) {
        call(kernel, n, a, a, second, third, wanted, -1, integers, -1);
        length = (int)wanted[0];
    }
    double *work = numbers((size_t)length + n + 1);
    for (int i = 0; i < repetitions; i++) {
        double begun = now();
        double *copy = fresh && !product ? malloc(bytes) : a, *q = fresh && qr ? malloc(bytes) : copy;
        double *left = fresh && svd ? malloc(bytes) : second, *result = fresh && (svd || product) ? malloc(bytes) : third;
        if (!product)
            memcpy(copy, matrix, bytes);
        call(kernel, n, copy, q, left, result, work, length, integers, 10 * n + 10);
        if (whole && cholesky)
            for (int j = 1; j < n; j++)
                memset(copy + (size_t)j * n, 0, j * sizeof(double));
        if (q != copy)
            free(q);
        if (copy != a)
            free(copy);
        if (left != second)
            free(left);
        if (result != third)
            free(result);
        double taken = now() - begun;
        if (i > 0 && taken < least)
            least = taken;
    }
    free(matrix); free(a); free(second); free(third); free(integers); free(work);
    return least;
}

int main(int count, char **arguments) {
    char kernel[32];
    int n, repetitions, fresh, whole;
    if (count != 3 || !(blas = dlopen(arguments[1], RTLD_NOW)) || !(lapack = dlopen(arguments[2], RTLD_NOW))) {
        fprintf(stderr, "blas_bench BLAS LAPACK: %s\n", count == 3 ? dlerror() : "two files are needed");
        return 1;
    }
    while (scanf("%31s %d %d %d %d", kernel, &n, &repetitions, &fresh, &whole) == 5) {
        printf("%.9e\n", best(kernel, n, repetitions, fresh, whole));
        fflush(stdout);
    }
    return 0;
}
