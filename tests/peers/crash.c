/* Preloaded into a program that writes checkpoints: kills it, as kill -9 would, just before its n-th call that changes something
   under a directory. SORA_CRASH_DIRECTORY names the directory, SORA_CRASH_AT the call, counted from 1; 0 kills nothing. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static long calls;

static int is_inside(const char *path)
{
    const char *directory = getenv("SORA_CRASH_DIRECTORY");
    return directory && strncmp(path, directory, strlen(directory)) == 0;
}

static void count(void)
{
    const char *at = getenv("SORA_CRASH_AT");
    if (__sync_add_and_fetch(&calls, 1) == (at ? atol(at) : 0))
        kill(getpid(), SIGKILL);
}

static void count_descriptor(int descriptor)
{
    char link[64], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length <= 0)
        return;
    path[length] = 0;
    if (is_inside(path))
        count();
}

static void count_path(const char *path)
{
    if (is_inside(path))
        count();
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t write(int d, const void *b, size_t n) { count_descriptor(d); return REAL(write)(d, b, n); }
ssize_t pwrite(int d, const void *b, size_t n, off_t o) { count_descriptor(d); return REAL(pwrite)(d, b, n, o); }
ssize_t pwrite64(int d, const void *b, size_t n, off64_t o) { count_descriptor(d); return REAL(pwrite64)(d, b, n, o); }
ssize_t pwritev(int d, const struct iovec *v, int n, off_t o) { count_descriptor(d); return REAL(pwritev)(d, v, n, o); }
ssize_t pwritev64(int d, const struct iovec *v, int n, off64_t o) { count_descriptor(d); return REAL(pwritev64)(d, v, n, o); }
int fsync(int d) { count_descriptor(d); return REAL(fsync)(d); }
int ftruncate(int d, off_t n) { count_descriptor(d); return REAL(ftruncate)(d, n); }
int ftruncate64(int d, off64_t n) { count_descriptor(d); return REAL(ftruncate64)(d, n); }
int rename(const char *from, const char *to) { count_path(from); return REAL(rename)(from, to); }
int link(const char *from, const char *to) { count_path(from); return REAL(link)(from, to); }
int unlink(const char *path) { count_path(path); return REAL(unlink)(path); }
