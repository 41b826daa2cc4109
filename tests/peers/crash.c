/* Preloaded into a program that writes checkpoints. It counts the calls that change something under SORA_CRASH_DIRECTORY.
   SORA_CRASH_AT=n kills the program, as kill -9 would, just before call n. SORA_CRASH_STATES=folder instead keeps, before every call and in
   the middle of every write, what would be left of the directory:
     NNNN-killed, NNNN-torn   had the program been killed there: all that was written;
     NNNN-lost                had the power failed and the disk kept only what was flushed, contents and names;
     NNNN-names               … but the names as they were last;
     NNNN-contents            … but the contents as they were last.
   The program itself may ask with crash_fail for a call of its own that fails. */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static long calls, failing;
static int failure;

/* The call after so many more fails with this error number; 0: it writes half of what it should. Says whether the one before was reached. */
int crash_fail(long more, int error)
{
    int reached = failing != 0 && calls >= failing;
    failing = more > 0 ? calls + more : 0;
    failure = error;
    return reached;
}

/* The program looks some functions up by itself; it has to find those below. */
static void *real_dlsym(void *library, const char *name)
{
    static void *(*real)(void *, const char *);
    if (!real)
        real = dlvsym(RTLD_NEXT, "dlsym", "GLIBC_2.34");
    if (!real)
        real = dlvsym(RTLD_NEXT, "dlsym", "GLIBC_2.2.5");
    return real(library, name);
}

#define REAL(name) ((__typeof__(&name))real_dlsym(RTLD_NEXT, #name))

static int is_inside(const char *path)
{
    const char *directory = getenv("SORA_CRASH_DIRECTORY");
    return directory && strncmp(path, directory, strlen(directory)) == 0;
}

/* ---- what is on the disk ---- */

enum { MOST_NAMES = 64, KEY = 64 };
struct entry { char name[256], key[KEY]; };
static struct entry flushed[MOST_NAMES];
static int flushed_count;

/* A file by its number and its birth, for numbers come again. */
static void key_of(const char *path, char *key)
{
    struct statx s;
    if (statx(AT_FDCWD, path, 0, STATX_INO | STATX_BTIME, &s) != 0)
        abort();
    snprintf(key, KEY, "%llu-%lld-%u", (unsigned long long)s.stx_ino, (long long)s.stx_btime.tv_sec, s.stx_btime.tv_nsec);
}

static int list(struct entry *entries)
{
    const char *directory = getenv("SORA_CRASH_DIRECTORY");
    DIR *opened = opendir(directory);
    int count = 0;
    for (struct dirent *one; opened && (one = readdir(opened));)
        if (one->d_name[0] != '.' && count < MOST_NAMES) {
            char path[PATH_MAX];
            snprintf(path, sizeof path, "%s/%s", directory, one->d_name);
            snprintf(entries[count].name, sizeof entries[count].name, "%s", one->d_name);
            key_of(path, entries[count++].key);
        }
    if (opened)
        closedir(opened);
    return count;
}

/* A file that was never flushed is there, and empty. */
static void copy(const char *from, const char *to)
{
    static char piece[1 << 20];
    int in = open(from, O_RDONLY), out = open(to, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (out < 0)
        abort();
    for (ssize_t n; in >= 0 && (n = read(in, piece, sizeof piece)) > 0;)
        if (REAL(write)(out, piece, n) != n)
            abort();
    if (in >= 0)
        close(in);
    close(out);
}

static void keep(const char *state, int names_are_flushed, int contents_are_flushed)
{
    const char *folder = getenv("SORA_CRASH_STATES"), *directory = getenv("SORA_CRASH_DIRECTORY");
    struct entry now[MOST_NAMES];
    int there = list(now), count = names_are_flushed ? flushed_count : there;
    char to[PATH_MAX], from[PATH_MAX];
    snprintf(to, sizeof to, "%s/%04ld-%s", folder, calls, state);
    mkdir(to, 0700);
    for (int i = 0; i < count; i++) {
        const struct entry *one = names_are_flushed ? &flushed[i] : &now[i];
        snprintf(from, sizeof from, "%s/flushed-%s", folder, one->key);
        for (int j = 0; !contents_are_flushed && j < there; j++)
            if (strcmp(now[j].key, one->key) == 0)
                snprintf(from, sizeof from, "%s/%s", directory, now[j].name);
        snprintf(to, sizeof to, "%s/%04ld-%s/%s", folder, calls, state, one->name);
        copy(from, to);
    }
}

static void after_flush(const char *path)
{
    char to[PATH_MAX], key[KEY];
    if (!getenv("SORA_CRASH_STATES") || !is_inside(path))
        return;
    if (strcmp(path, getenv("SORA_CRASH_DIRECTORY")) == 0) {
        flushed_count = list(flushed);
        return;
    }
    key_of(path, key);
    snprintf(to, sizeof to, "%s/flushed-%s", getenv("SORA_CRASH_STATES"), key);
    copy(path, to);
}

/* ---- counting ---- */

enum outcome { GO_ON, LOOK, FAIL };

static enum outcome count(void)
{
    const char *at = getenv("SORA_CRASH_AT");
    long call = __sync_add_and_fetch(&calls, 1);
    if (call == (at ? atol(at) : 0))
        kill(getpid(), SIGKILL);
    if (call == failing) {
        errno = failure;
        return FAIL;
    }
    if (!getenv("SORA_CRASH_STATES"))
        return GO_ON;
    keep("killed", 0, 0);
    keep("lost", 1, 1);
    keep("names", 0, 1);
    keep("contents", 1, 0);
    return LOOK;
}

static int path_of(int descriptor, char *path)
{
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    path[length > 0 ? length : 0] = 0;
    return length > 0 && is_inside(path);
}

static enum outcome at_descriptor(int descriptor)
{
    char path[PATH_MAX];
    return path_of(descriptor, path) ? count() : GO_ON;
}

static enum outcome at_path(const char *path)
{
    return is_inside(path) ? count() : GO_ON;
}

/* Half of the bytes first, where somebody looks. */
static ssize_t write_at(int d, const void *b, size_t n, off64_t o)
{
    enum outcome outcome = at_descriptor(d);
    if (outcome == FAIL)
        return failure ? -1 : REAL(pwrite64)(d, b, (n + 1) / 2, o);
    if (outcome == LOOK && REAL(pwrite64)(d, b, n / 2, o) >= 0)
        keep("torn", 0, 0);
    return REAL(pwrite64)(d, b, n, o);
}

static int is_refused(enum outcome outcome)
{
    return outcome == FAIL && failure;
}

ssize_t write(int d, const void *b, size_t n) { return is_refused(at_descriptor(d)) ? -1 : REAL(write)(d, b, n); }
ssize_t pwrite(int d, const void *b, size_t n, off_t o) { return write_at(d, b, n, o); }
ssize_t pwrite64(int d, const void *b, size_t n, off64_t o) { return write_at(d, b, n, o); }
ssize_t pwritev(int d, const struct iovec *v, int n, off_t o) { return is_refused(at_descriptor(d)) ? -1 : REAL(pwritev)(d, v, n, o); }
ssize_t pwritev64(int d, const struct iovec *v, int n, off64_t o) { return is_refused(at_descriptor(d)) ? -1 : REAL(pwritev64)(d, v, n, o); }
int ftruncate(int d, off_t n) { return is_refused(at_descriptor(d)) ? -1 : REAL(ftruncate)(d, n); }
int ftruncate64(int d, off64_t n) { return is_refused(at_descriptor(d)) ? -1 : REAL(ftruncate64)(d, n); }
int rename(const char *from, const char *to) { return is_refused(at_path(from)) ? -1 : REAL(rename)(from, to); }
int link(const char *from, const char *to) { return is_refused(at_path(from)) ? -1 : REAL(link)(from, to); }
int unlink(const char *path) { return is_refused(at_path(path)) ? -1 : REAL(unlink)(path); }

int fsync(int d)
{
    char path[PATH_MAX];
    if (!path_of(d, path))
        return REAL(fsync)(d);
    int result = is_refused(count()) ? -1 : REAL(fsync)(d);
    if (result == 0)
        after_flush(path);
    return result;
}

void *dlsym(void *library, const char *name)
{
    return strcmp(name, "fsync") == 0 ? (void *)fsync : real_dlsym(library, name);
}
