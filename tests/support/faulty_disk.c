/* A disk that fails when it is told to, put between a program and the C library (LD_PRELOAD).
 *
 * Calls on files whose path holds a needle are counted; from a given one on, or that one alone, they
 * fail with a given error. All writes can be recorded, to be replayed as a power cut leaves them.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum kind { WRITES = 1, SYNCS = 2, READS = 4, OPENS = 8 };

static char needle[256];
static int kinds, error, lasting, record = -1;
static long after = -1, seen;

#define REAL(name, type) \
    static type real; \
    if (!real) real = (type)dlsym(RTLD_NEXT, #name)

static ssize_t plain_write(const void *bytes, size_t size) {
    typedef ssize_t (*write_t)(int, const void *, size_t);
    REAL(write, write_t);
    return real(record, bytes, size);
}

static int path_of(int fd, char *path, size_t size) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, size - 1);
    path[length < 0 ? 0 : length] = 0;
    return needle[0] && strstr(path, needle) != NULL;
}

static int strikes_at(enum kind kind) {
    if (!(kinds & kind)) return 0;
    seen++;
    if (after < 0) return 0;
    if (after > 0) { after--; return 0; }
    if (!lasting) after = -1;
    errno = error;
    return 1;
}

static int strikes(int fd, enum kind kind) {
    char path[4096];
    return kinds && path_of(fd, path, sizeof path) && strikes_at(kind);
}

static void note(char what, const char *path, int64_t offset, int64_t size, const void *bytes) {
    int32_t length = (int32_t)strlen(path);
    plain_write(&what, 1);
    plain_write(&length, sizeof length);
    plain_write(path, length);
    plain_write(&offset, sizeof offset);
    plain_write(&size, sizeof size);
    if (bytes) plain_write(bytes, size);
}

static void note_fd(char what, int fd, int64_t offset, int64_t size, const void *bytes) {
    char path[4096];
    if (record >= 0 && path_of(fd, path, sizeof path)) note(what, path, offset, size, bytes);
}

/* What the program itself calls. */

void disk_watch(const char *part_of_path) { snprintf(needle, sizeof needle, "%s", part_of_path); }

void disk_fail(int which, long calls, int with, int for_good) {
    kinds = which, after = calls, error = with, lasting = for_good, seen = 0;
}

long disk_calls(void) { return seen; }

void disk_record(const char *path) { record = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600); }

void disk_mark(long number) {
    if (record >= 0) note('!', "", number, 0, NULL);
}

/* What stands before the C library. */

#define WRITE(name, offset_t_) \
    ssize_t name(int fd, const void *bytes, size_t size, offset_t_ offset) { \
        typedef ssize_t (*type)(int, const void *, size_t, offset_t_); \
        REAL(name, type); \
        if (strikes(fd, WRITES)) return -1; \
        ssize_t done = real(fd, bytes, size, offset); \
        if (done > 0) note_fd('w', fd, offset, done, bytes); \
        return done; \
    }
WRITE(pwrite, off_t)
WRITE(pwrite64, off64_t)

#define READ(name, offset_t_) \
    ssize_t name(int fd, void *bytes, size_t size, offset_t_ offset) { \
        typedef ssize_t (*type)(int, void *, size_t, offset_t_); \
        REAL(name, type); \
        return strikes(fd, READS) ? -1 : real(fd, bytes, size, offset); \
    }
READ(pread, off_t)
READ(pread64, off64_t)

ssize_t read(int fd, void *bytes, size_t size) {
    typedef ssize_t (*read_t)(int, void *, size_t);
    REAL(read, read_t);
    return strikes(fd, READS) ? -1 : real(fd, bytes, size);
}

#define SYNC(name) \
    int name(int fd) { \
        typedef int (*type)(int); \
        REAL(name, type); \
        if (strikes(fd, SYNCS)) return -1; \
        int done = real(fd); \
        if (!done) note_fd('s', fd, 0, 0, NULL); \
        return done; \
    }
SYNC(fsync)
SYNC(fdatasync)

#define TRUNCATE(name, offset_t_) \
    int name(int fd, offset_t_ size) { \
        typedef int (*type)(int, offset_t_); \
        REAL(name, type); \
        if (strikes(fd, WRITES)) return -1; \
        int done = real(fd, size); \
        if (!done) note_fd('t', fd, size, 0, NULL); \
        return done; \
    }
TRUNCATE(ftruncate, off_t)
TRUNCATE(ftruncate64, off64_t)

#define OPEN(name) \
    int name(const char *path, int flags, ...) { \
        typedef int (*type)(const char *, int, ...); \
        REAL(name, type); \
        va_list rest; \
        va_start(rest, flags); \
        int mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, int) : 0; \
        va_end(rest); \
        int changes = (flags & O_ACCMODE) != O_RDONLY || flags & O_CREAT; \
        if (changes && needle[0] && strstr(path, needle) && strikes_at(OPENS)) return -1; \
        return real(path, flags, mode); \
    }
OPEN(open)
OPEN(open64)

#define UNLINK(name) \
    int name(const char *path) { \
        typedef int (*type)(const char *); \
        REAL(name, type); \
        if (needle[0] && strstr(path, needle)) { \
            if (strikes_at(WRITES)) return -1; \
            if (record >= 0) note('u', path, 0, 0, NULL); \
        } \
        return real(path); \
    }
UNLINK(unlink)

/* A file system on which nothing can be opened for writing says of itself that it is so. */
#define STATVFS(name, buffer) \
    int name(const char *path, struct buffer *told) { \
        typedef int (*type)(const char *, struct buffer *); \
        REAL(name, type); \
        int done = real(path, told); \
        if (!done && kinds & OPENS && error == EROFS) told->f_flag |= ST_RDONLY; \
        return done; \
    }
STATVFS(statvfs, statvfs)
STATVFS(statvfs64, statvfs64)
