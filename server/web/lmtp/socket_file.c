#include "web/lmtp/socket_file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define MODE 0660

static int new_socket(void)
{
    return socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

/* Only that is told by a refusal: who is too busy to answer lives. */
static bool is_left_over(const struct sockaddr_un *address)
{
    struct stat st;
    int fd = new_socket();
    bool refused = lstat(address->sun_path, &st) == 0 && S_ISSOCK(st.st_mode) &&
                   connect(fd, (const struct sockaddr *)address, sizeof(*address)) != 0 && errno == ECONNREFUSED;
    close(fd);
    return refused;
}

static bool bind_to(int fd, const struct sockaddr_un *address)
{
    if (bind(fd, (const struct sockaddr *)address, sizeof(*address)) == 0)
        return true;
    return errno == EADDRINUSE && is_left_over(address) && unlink(address->sun_path) == 0 &&
           bind(fd, (const struct sockaddr *)address, sizeof(*address)) == 0;
}

bool socket_file_open(const char *path, const char *setting, struct socket_file *ret, struct error *err)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    struct stat st;
    if (path[0] != '/' || strlen(path) >= sizeof(address.sun_path))
        return error_english(err, ERR_INVALID, setting,
                             "[server] %s is \"%.100s\"; it must be the whole path of a socket, of at most %zu bytes.",
                             setting, path, sizeof(address.sun_path) - 1);
    snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
    int fd = new_socket();
    if (bind_to(fd, &address) && chmod(path, MODE) == 0 && lstat(path, &st) == 0) {
        *ret = (struct socket_file){.path = path, .fd = fd, .device = st.st_dev, .number = st.st_ino};
        return true;
    }
    error_english(err, ERR_CONFLICT, setting, "Cannot listen on %s: %s.", path, strerror(errno));
    close(fd);
    return false;
}

void socket_file_remove(const struct socket_file *f)
{
    struct stat st;
    if (lstat(f->path, &st) == 0 && st.st_dev == f->device && st.st_ino == f->number)
        unlink(f->path);
}
