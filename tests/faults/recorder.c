/* Counts the calls that change files below one folder and makes the chosen one fail.
 *
 * Preloaded into a test's process; passes everything through until `recorder_arm` is called. Modes:
 * 0 count only, 1 die before call k, 2 die in the middle of write k, 3 no room from call k on, 4 no room once at k,
 * 5 I/O error once at k, 6 read-only from call k on. With a log descriptor each call is written there as one line.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static char folder[1024];
static size_t folder_length;
static int armed, mode, log_fd = -1;
static long count, at;

void recorder_arm(const char *path, int how, long k, int log)
{
    snprintf(folder, sizeof folder, "%s/", path);
    folder_length = strlen(folder);
    mode = how;
    at = k;
    count = 0;
    log_fd = log;
    armed = 1;
}

long recorder_disarm(void)
{
    armed = 0;
    return count;
}

static void die(void)
{
    kill(getpid(), SIGKILL);
    for (;;)
        pause();
}

static const char *path_of(int fd)
{
    static char path[1100];
    char link[64];
    ssize_t length;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    length = readlink(link, path, sizeof path - 1);
    if (length < 0)
        return "";
    path[length] = 0;
    return path;
}

/* 0: go on; -1: refuse with errno set; 1: write a part of it, then die. */
static int step(const char *what, const char *path, size_t bytes, int is_write)
{
    if (!armed || strncmp(path, folder, folder_length))
        return 0;
    count++;
    if (log_fd >= 0) {
        char line[1300];
        int length = snprintf(line, sizeof line, "%ld %s %s %zu\n", count, what, path + folder_length, bytes);
        syscall(SYS_write, log_fd, line, (size_t)length);
    }
    if (count == at && mode == 1)
        die();
    if (count == at && mode == 2) {
        if (is_write)
            return 1;
        die();
    }
    if ((mode == 3 && count >= at) || (mode == 4 && count == at)) {
        errno = ENOSPC;
        return -1;
    }
    if (mode == 5 && count == at) {
        errno = EIO;
        return -1;
    }
    if (mode == 6 && count >= at) {
        errno = EROFS;
        return -1;
    }
    return 0;
}

#define REAL(type, name, ...)                                   \
    static type (*real)(__VA_ARGS__);                           \
    if (!real)                                                  \
        real = (type(*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

ssize_t write(int fd, const void *data, size_t bytes)
{
    REAL(ssize_t, "write", int, const void *, size_t);
    if (armed) {
        int how = step("write", path_of(fd), bytes, 1);
        if (how < 0)
            return -1;
        if (how > 0) {
            real(fd, data, bytes / 2);
            die();
        }
    }
    return real(fd, data, bytes);
}

static ssize_t positioned(ssize_t (*real)(int, const void *, size_t, off64_t), int fd, const void *data, size_t bytes,
                          off64_t where)
{
    if (armed) {
        int how = step("write", path_of(fd), bytes, 1);
        if (how < 0)
            return -1;
        if (how > 0) {
            real(fd, data, bytes / 2, where);
            die();
        }
    }
    return real(fd, data, bytes, where);
}

ssize_t pwrite(int fd, const void *data, size_t bytes, off_t where)
{
    REAL(ssize_t, "pwrite64", int, const void *, size_t, off64_t);
    return positioned(real, fd, data, bytes, where);
}

ssize_t pwrite64(int fd, const void *data, size_t bytes, off64_t where)
{
    REAL(ssize_t, "pwrite64", int, const void *, size_t, off64_t);
    return positioned(real, fd, data, bytes, where);
}

ssize_t pwritev(int fd, const struct iovec *parts, int n, off_t where)
{
    REAL(ssize_t, "pwritev", int, const struct iovec *, int, off_t);
    if (armed) {
        int how = step("write", path_of(fd), n ? parts[0].iov_len : 0, 1);
        if (how < 0)
            return -1;
        if (how > 0) {
            real(fd, parts, n / 2, where);
            die();
        }
    }
    return real(fd, parts, n, where);
}

ssize_t writev(int fd, const struct iovec *parts, int n)
{
    REAL(ssize_t, "writev", int, const struct iovec *, int);
    if (armed && step("write", path_of(fd), n ? parts[0].iov_len : 0, 0) < 0)
        return -1;
    return real(fd, parts, n);
}

#define ON_FD(name, what)                                       \
    int name(int fd)                                            \
    {                                                           \
        REAL(int, #name, int);                                  \
        if (armed && step(what, path_of(fd), 0, 0) < 0)         \
            return -1;                                          \
        return real(fd);                                        \
    }

ON_FD(fsync, "sync")
ON_FD(fdatasync, "sync")

int ftruncate(int fd, off_t length)
{
    REAL(int, "ftruncate", int, off_t);
    if (armed && step("truncate", path_of(fd), (size_t)length, 0) < 0)
        return -1;
    return real(fd, length);
}

int ftruncate64(int fd, off64_t length)
{
    REAL(int, "ftruncate64", int, off64_t);
    if (armed && step("truncate", path_of(fd), (size_t)length, 0) < 0)
        return -1;
    return real(fd, length);
}

int unlink(const char *path)
{
    REAL(int, "unlink", const char *);
    if (armed && step("unlink", path, 0, 0) < 0)
        return -1;
    return real(path);
}

int rename(const char *before, const char *after)
{
    REAL(int, "rename", const char *, const char *);
    if (armed && step("rename", after, 0, 0) < 0)
        return -1;
    return real(before, after);
}

#define OPENS(name)                                                              \
    int name(const char *path, int flags, ...)                                   \
    {                                                                            \
        REAL(int, #name, const char *, int, ...);                                \
        mode_t bits = 0;                                                         \
        if (flags & (O_CREAT | __O_TMPFILE)) {                                   \
            va_list rest;                                                        \
            va_start(rest, flags);                                               \
            bits = va_arg(rest, mode_t);                                         \
            va_end(rest);                                                        \
        }                                                                        \
        if (armed && (flags & O_CREAT) && step("create", path, 0, 0) < 0)        \
            return -1;                                                           \
        return real(path, flags, bits);                                          \
    }

OPENS(open)
OPENS(open64)
