#include "apart/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED true
#define SLOWNESS 20
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED true
#define SLOWNESS 20
#endif
#endif
#ifndef SANITIZED
#define SANITIZED false
#define SLOWNESS 1
#endif

static int memory_fd = -1; /* of /proc/self/statm: opened while files can be */

static void set_limit(int resource, rlim_t n)
{
    struct rlimit r;
    if (getrlimit((__rlimit_resource_t)resource, &r) != 0)
        return;
    r.rlim_cur = n < r.rlim_max ? n : r.rlim_max;
    setrlimit((__rlimit_resource_t)resource, &r);
}

static void set_limit_for_good(int resource, rlim_t n)
{
    setrlimit((__rlimit_resource_t)resource, &(struct rlimit){n, n});
}

static bool allow(scmp_filter_ctx filter, const int *calls, size_t n)
{
    bool fine = true;
    for (size_t i = 0; fine && i < n; i++)
        if (calls[i] >= 0) /* below: this machine has no such call */
            fine = seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 0) == 0;
    return fine;
}

/* Threads and no processes. What clone3 is asked for lies in memory, where no filter sees it: told that there is none, the C library asks
 * clone. */
static bool allow_threads(scmp_filter_ctx filter)
{
    static const int ALLOWED[] = {SCMP_SYS(set_robust_list), SCMP_SYS(rseq), SCMP_SYS(sched_getaffinity)};
    return allow(filter, ALLOWED, sizeof(ALLOWED) / sizeof(ALLOWED[0])) &&
           seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0) == 0 &&
           seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
                            SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD)) == 0;
}

/* What reading, thinking and answering need. All else fails with EPERM rather than killing: a library may ask for something
 * that it can do without. What names another process may name this one alone: the one that waits for the answer belongs to the
 * same user, who may end it and set its limits. */
bool sandbox_filter(bool threads)
{
    static const int ALLOWED[] = {
        SCMP_SYS(read),           SCMP_SYS(write),           SCMP_SYS(writev),        SCMP_SYS(sendto),
        SCMP_SYS(recvfrom),       SCMP_SYS(pread64),         SCMP_SYS(close),         SCMP_SYS(brk),
        SCMP_SYS(mmap),           SCMP_SYS(munmap),          SCMP_SYS(mremap),        SCMP_SYS(mprotect),
        SCMP_SYS(madvise),        SCMP_SYS(futex),           SCMP_SYS(clock_gettime), SCMP_SYS(gettimeofday),
        SCMP_SYS(getrandom),      SCMP_SYS(getrusage),       SCMP_SYS(getrlimit),     SCMP_SYS(setrlimit),
        SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn),    SCMP_SYS(rt_sigaction),  SCMP_SYS(sigreturn),
        SCMP_SYS(getpid),         SCMP_SYS(gettid),          SCMP_SYS(exit),          SCMP_SYS(exit_group),
        SCMP_SYS(sched_yield),    SCMP_SYS(restart_syscall),
    };
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    bool fine =
        filter && allow(filter, ALLOWED, sizeof(ALLOWED) / sizeof(ALLOWED[0])) && (!threads || allow_threads(filter)) &&
        seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1, SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid())) ==
            0 &&
        seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), 1, SCMP_A0(SCMP_CMP_EQ, 0)) == 0 &&
        seccomp_load(filter) == 0;
    seccomp_release(filter);
    return fine;
}

bool sandbox_enter(int fd, bool threads)
{
    memory_fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (fcntl(fd, F_GETFD) < 0) /* nobody has started it for this; a parent that has ended meanwhile closes the line */
        return false;
    bool fine = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
    set_limit_for_good(RLIMIT_CORE, 0);
    if (SANITIZED) /* it opens files to say what it has found */
        return fine;
    prctl(PR_SET_DUMPABLE, 0);
    set_limit_for_good(RLIMIT_NOFILE, 0);
    if (!threads)
        set_limit_for_good(RLIMIT_NPROC, 0);
    if (!sandbox_filter(threads)) /* a kernel without seccomp: the limits above hold all the same */
        fputs("throughline: a process for strangers' bytes runs without seccomp\n", stderr);
    return fine;
}

static size_t data_bytes(void)
{
    char text[200] = "";
    unsigned long long pages = 0;
    if (pread(memory_fd, text, sizeof(text) - 1, 0) <= 0 || sscanf(text, "%*u %*u %*u %*u %*u %llu", &pages) != 1)
        return 0;
    return (size_t)pages * (size_t)sysconf(_SC_PAGESIZE);
}

void sandbox_allow(const struct sandbox_room *room)
{
    struct rusage used = {0};
    getrusage(RUSAGE_SELF, &used);
    size_t s = room->cpu_ms * SLOWNESS / 1000;
    set_limit(RLIMIT_CPU, (rlim_t)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) + 3 * SLOWNESS + s);
    size_t now = data_bytes();
    if (!SANITIZED && now)
        set_limit(RLIMIT_DATA, now + room->memory);
}
