#include "apart/process.h"

#include "base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#define LENGTH_SIZE 8
#define SELF "/proc/self/exe"
#define ENVIRONMENT_MAX 200
#define READY_WITHIN_MS 10000

extern char **environ;

/* ---- starting ------------------------------------------------------------------------------------------------------- */

/* By its name, where that is still the file that runs: a tool that runs us, such as valgrind, is what /proc/self/exe names. */
static const char *own_path(char path[PATH_MAX])
{
    struct stat named, running;
    ssize_t n = readlink(SELF, path, PATH_MAX - 1);
    if (n <= 0)
        return SELF;
    path[n] = '\0';
    bool same = stat(path, &named) == 0 && stat(SELF, &running) == 0 && named.st_ino == running.st_ino &&
                named.st_dev == running.st_dev;
    return same ? path : SELF;
}

/* Settings may be given by the environment, passwords among them: the process gets none. */
static void own_environment(char *ret[ENVIRONMENT_MAX])
{
    size_t n = 0;
    for (char **e = environ; e && *e && n + 1 < ENVIRONMENT_MAX; e++)
        if (strncmp(*e, "THROUGHLINE_", 12) != 0)
            ret[n++] = *e;
    ret[n] = NULL;
}

static bool spawn(const char *command, int fd, pid_t *ret)
{
    char path[PATH_MAX], *environment[ENVIRONMENT_MAX];
    char *arguments[] = {(char *)(uintptr_t) "throughline", (char *)(uintptr_t)command, NULL};
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, standard;
    sigemptyset(&none);
    sigfillset(&standard);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, fd, PROCESS_FD);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addclosefrom_np(&actions, PROCESS_FD + 1);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &standard);
    own_environment(environment);
    int failed = posix_spawn(ret, own_path(path), &actions, &attributes, arguments, environment);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    return failed == 0;
}

static void forget_process(struct process *p)
{
    close(p->fd);
    *p = (struct process){.folder = p->folder};
}

void process_end(struct process *p)
{
    if (!p->pid)
        return;
    kill(p->pid, SIGKILL);
    while (waitpid(p->pid, NULL, 0) < 0 && errno == EINTR)
        ;
    forget_process(p);
}

bool process_is_alive(struct process *p)
{
    if (p->pid && waitpid(p->pid, NULL, WNOHANG) == 0)
        return true;
    if (p->pid)
        forget_process(p);
    return false;
}

/* ---- talking -------------------------------------------------------------------------------------------------------- */

static void put_length(uint8_t out[LENGTH_SIZE], uint64_t n)
{
    for (int i = 0; i < LENGTH_SIZE; i++, n >>= 8)
        out[i] = (uint8_t)n;
}

static uint64_t get_length(const uint8_t in[LENGTH_SIZE])
{
    uint64_t n = 0;
    for (int i = LENGTH_SIZE - 1; i >= 0; i--)
        n = n << 8 | in[i];
    return n;
}

/* False: the time is over, or the other end is gone. */
static bool wait_for(int fd, short events, int64_t until)
{
    for (;;) {
        int64_t left = until - clock_monotonic();
        if (left <= 0)
            return false;
        struct pollfd p = {.fd = fd, .events = events};
        int n = poll(&p, 1, left > INT_MAX ? INT_MAX : (int)left);
        if (n > 0)
            return (p.revents & (events | POLLHUP)) != 0;
        if (n < 0 && errno != EINTR)
            return false;
    }
}

static bool send_all(int fd, struct iovec *parts, size_t n, int64_t until)
{
    while (n) {
        struct msghdr message = {.msg_iov = parts, .msg_iovlen = n};
        ssize_t sent = sendmsg(fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (sent < 0 && errno != EAGAIN && errno != EINTR)
            return false;
        if (sent < 0 && !wait_for(fd, POLLOUT, until))
            return false;
        for (; n && sent >= (ssize_t)parts->iov_len; n--, parts++)
            sent -= (ssize_t)parts->iov_len;
        if (n && sent > 0) {
            parts->iov_base = (char *)parts->iov_base + sent;
            parts->iov_len -= (size_t)sent;
        }
    }
    return true;
}

static bool receive_all(int fd, void *to, size_t n, int64_t until)
{
    char *at = to;
    while (n) {
        ssize_t got = recv(fd, at, n, MSG_DONTWAIT);
        if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR))
            return false;
        if (got < 0 && !wait_for(fd, POLLIN, until))
            return false;
        if (got > 0) {
            at += got;
            n -= (size_t)got;
        }
    }
    return true;
}

struct mapping {
    void *at;
    size_t n;
};

static void unmap(void *arg)
{
    const struct mapping *m = arg;
    munmap(m->at, m->n);
}

/* Its room is taken before, so that a full disk is no fault in the middle of reading. NULL: the disk has none. */
static char *room_on_disk(const char *folder, size_t n, struct arena *a)
{
    struct mapping *m = arena_alloc(a, sizeof(*m));
    int fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd < 0)
        return NULL;
    *m = (struct mapping){MAP_FAILED, n};
    if (posix_fallocate(fd, 0, (off_t)n) == 0)
        m->at = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    if (m->at == MAP_FAILED)
        return NULL;
    arena_on_free(a, unmap, m);
    return m->at;
}

/* What is in a large answer is on its way to the disk anyway. */
static char *room_for_answer(const struct process *p, size_t n, struct arena *a)
{
    char *room = p->folder && n > PROCESS_ANSWER_MEMORY_MAX ? room_on_disk(p->folder, n + 1, a) : NULL;
    return room ? room : arena_alloc(a, n + 1);
}

const char *process_ask(struct process *p, const struct buf *head, const char *body, size_t body_len, int64_t within_ms,
                        size_t answer_max, struct arena *a, size_t *ret_n)
{
    uint8_t length[LENGTH_SIZE];
    int64_t until = clock_monotonic() + within_ms;
    put_length(length, head->len + body_len + 1);
    struct iovec parts[] = {{length, sizeof(length)},
                            {head->data, head->len},
                            {(void *)(uintptr_t)body, body_len},
                            {(void *)(uintptr_t) "", 1}}; /* the body ends with a NUL */
    if (!send_all(p->fd, parts, COUNT_OF(parts), until) || !receive_all(p->fd, length, sizeof(length), until))
        return NULL;
    uint64_t n = get_length(length);
    if (n > answer_max)
        return NULL;
    char *answer = room_for_answer(p, n, a);
    *ret_n = n;
    return receive_all(p->fd, answer, n, until) ? answer : NULL;
}

/* ---- the beginning: an empty message, once there is nothing left to give up ---- */

static bool is_ready(struct process *p)
{
    uint8_t length[LENGTH_SIZE];
    bool fine =
        receive_all(p->fd, length, sizeof(length), clock_monotonic() + READY_WITHIN_MS) && get_length(length) == 0;
    if (!fine)
        process_end(p);
    return fine;
}

bool process_start(struct process *p, const char *command)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return false;
    bool fine = spawn(command, ends[1], &p->pid);
    close(ends[1]);
    p->fd = ends[0];
    if (!fine)
        forget_process(p);
    return fine && is_ready(p);
}

/* ---- the other end -------------------------------------------------------------------------------------------------- */

static bool read_fully(int fd, void *to, size_t n)
{
    for (char *at = to; n;) {
        ssize_t got = read(fd, at, n);
        if (got == 0 || (got < 0 && errno != EINTR))
            return false;
        if (got > 0) {
            at += got;
            n -= (size_t)got;
        }
    }
    return true;
}

char *process_hear(int fd, void (*before)(size_t n), size_t *ret_n)
{
    uint8_t length[LENGTH_SIZE];
    if (!read_fully(fd, length, sizeof(length)))
        return NULL;
    *ret_n = get_length(length);
    before(*ret_n);
    char *message = mem_alloc(*ret_n + 1);
    if (read_fully(fd, message, *ret_n))
        return message;
    free(message);
    return NULL;
}

/* Like writev, however many parts there are, until all is written. Uses them up. */
static bool write_fully(int fd, struct iovec *parts, size_t n)
{
    while (n) {
        ssize_t sent = writev(fd, parts, (int)(n < IOV_MAX ? n : IOV_MAX));
        if (sent < 0 && errno != EINTR)
            return false;
        for (; n && sent >= (ssize_t)parts->iov_len; n--, parts++)
            sent -= (ssize_t)parts->iov_len;
        if (n && sent > 0) {
            parts->iov_base = (char *)parts->iov_base + sent;
            parts->iov_len -= (size_t)sent;
        }
    }
    return true;
}

bool process_say(int fd, const struct iovec *parts, size_t n)
{
    uint8_t length[LENGTH_SIZE];
    AUTO_FREE struct iovec *all = mem_alloc((n + 1) * sizeof(*all));
    size_t bytes = 0;
    for (size_t i = 0; i < n; i++)
        bytes += parts[i].iov_len;
    put_length(length, bytes);
    all[0] = (struct iovec){length, sizeof(length)};
    if (n)
        memcpy(all + 1, parts, n * sizeof(*parts));
    return write_fully(fd, all, n + 1);
}
