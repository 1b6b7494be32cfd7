/* A unix socket in the file system. Who may write to its file may connect: its user, and its group, which is that of a folder with the
 * setgid bit, else the process' own. */
#pragma once

#include "base/error.h"

#include <stdbool.h>
#include <sys/types.h>

struct socket_file {
    const char *path; /* borrowed */
    int fd;           /* bound; nobody listens at it yet */
    dev_t device;
    ino_t number; /* which file it is */
};

/* One that a dead process has left is replaced; one at which somebody listens, or what is no socket, is not. `setting`: its name in
 * [server]. False fills *err: ERR_INVALID, ERR_CONFLICT. */
bool socket_file_open(const char *path, const char *setting, struct socket_file *ret, struct error *err);
void socket_file_remove(const struct socket_file *f); /* the file, unless it is another's by now */
