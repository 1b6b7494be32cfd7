/* Runs a program under a list of system calls as systemd's SystemCallFilter= does (systemd.exec(5)): what is known and not on
 * the list ends the process, what is not known is answered with ENOSYS.
 *
 *   filtered "NAME …" "KNOWN NAME …" PROGRAM [ARGUMENT…]
 */
#include <errno.h>
#include <seccomp.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

/* A name of another machine's call is no call here, and left out as systemd does. */
static int add_all(scmp_filter_ctx filter, char *names, uint32_t action)
{
    int failed = 0;
    for (char *rest = NULL, *name = strtok_r(names, " ", &rest); name && !failed; name = strtok_r(NULL, " ", &rest)) {
        int call = seccomp_syscall_resolve_name(name);
        if (call >= 0)
            failed = seccomp_rule_add(filter, action, call, 0);
        if (failed == -EEXIST) /* allowed already */
            failed = 0;
    }
    return failed;
}

int main(int n, char **arguments)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(ENOSYS));
    if (n < 4 || !filter || add_all(filter, arguments[1], SCMP_ACT_ALLOW) ||
        add_all(filter, arguments[2], SCMP_ACT_KILL_PROCESS) || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
        seccomp_load(filter) != 0) {
        fputs("filtered: the filter cannot be made\n", stderr);
        return 1;
    }
    execv(arguments[3], arguments + 3);
    perror(arguments[3]);
    return 1;
}
