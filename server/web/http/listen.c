#include "web/http/listen.h"

#include "base/log.h"
#include "base/mem.h"
#include "web/http/body.h"
#include "web/http/conns.h"
#include "web/http/file.h"

#include <errno.h>
#include <netdb.h>
#include <sys/resource.h>
#include <unistd.h>

#define DESCRIPTORS_WANTED 65536
#define DESCRIPTORS_KEPT 128 /* for the database, files and threads; of few descriptors half */
#define BACKLOG 1024
#define ACCEPT_AT_ONCE 64
#define ENDED_FOR_OTHERS 256 /* idle connections, in a tick with none accepted */
#define TELL_EVERY_MS 10000

struct listeners {
    uv_loop_t *loop;
    struct conns *conns;
    const struct bodies *bodies;
    struct listener *first;
};

struct listener {
    uv_poll_t poll;
    struct listeners *all;
    struct listener *next;
    int fd;
    bool internal;
    bool paused;
    int64_t told; /* when the log was told last that it was paused */
};

void listen_raise_limit(void)
{
    struct rlimit r;
    if (getrlimit(RLIMIT_NOFILE, &r) != 0)
        return;
    r.rlim_cur = r.rlim_max < DESCRIPTORS_WANTED ? r.rlim_max : DESCRIPTORS_WANTED;
    setrlimit(RLIMIT_NOFILE, &r);
}

static size_t descriptors_max(void)
{
    struct rlimit r;
    if (getrlimit(RLIMIT_NOFILE, &r) != 0)
        return DESCRIPTORS_WANTED;
    return (size_t)(r.rlim_cur > 2 * DESCRIPTORS_KEPT ? r.rlim_cur - DESCRIPTORS_KEPT : r.rlim_cur / 2);
}

/* Files on their way and bodies on the disk are somebody's connection each, and a second descriptor. */
bool listen_has_room(const struct listeners *all)
{
    return conns_count(all->conns) + files_open() + all->bodies->spooled < descriptors_max();
}

/* ---- accepting ---- */

static void pause_it(struct listener *l, const char *why)
{
    int64_t now = (int64_t)uv_now(l->all->loop);
    uv_poll_stop(&l->poll);
    l->paused = true;
    if (l->told && now - l->told < TELL_EVERY_MS)
        return;
    l->told = now;
    log_warning("connections wait connections=%zu reason=%s", conns_count(l->all->conns), log_quoted(why));
}

/* Connections that failed on their way, and what the network says of others (accept(2)), are no reason to stop. */
static bool is_shortage(int error)
{
    return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

static void on_connections(uv_poll_t *poll, int status, int events)
{
    struct listener *l = poll->data;
    struct listeners *all = l->all;
    (void)status;
    (void)events;
    for (int i = 0; i < ACCEPT_AT_ONCE; i++) {
        struct sockaddr_storage peer = {0};
        socklen_t n = sizeof(peer);
        if (!l->internal && !listen_has_room(all)) {
            pause_it(l, "there are as many as descriptors allow");
            return;
        }
        int fd = accept4(l->fd, (struct sockaddr *)&peer, &n, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd >= 0) {
            conns_take(all->conns, fd, &peer, l->internal);
        } else if (errno == EAGAIN) {
            return;
        } else if (is_shortage(errno)) {
            pause_it(l, strerror(errno));
            return;
        }
    }
}

void listen_go_on(struct listeners *all)
{
    for (struct listener *l = all->first; l; l = l->next) {
        if (!l->paused)
            continue;
        l->paused = false;
        uv_poll_start(&l->poll, UV_READABLE, on_connections);
    }
}

void listen_tick(struct listeners *all)
{
    if (!listen_is_paused(all))
        return;
    conns_end_idle(all->conns, ENDED_FOR_OTHERS);
    listen_go_on(all);
}

bool listen_is_paused(const struct listeners *all)
{
    for (const struct listener *l = all->first; l; l = l->next)
        if (l->paused)
            return true;
    return false;
}

/* ---- life ---- */

struct listeners *listeners_new(uv_loop_t *loop, struct conns *conns, const struct bodies *bodies)
{
    struct listeners *all = mem_alloc(sizeof(*all));
    *all = (struct listeners){.loop = loop, .conns = conns, .bodies = bodies};
    return all;
}

void listeners_free(struct listeners *all)
{
    free(all);
}

/* "host:port", "[v6]:port" or ":port" */
static bool split_host_port(const char *where, char host[256], char port[8])
{
    const char *colon = strrchr(where, ':');
    int number = colon ? atoi(colon + 1) : 0;
    if (!colon || number < 1 || number > 65535 || colon - where >= 255)
        return false;
    bool brackets = where[0] == '[';
    snprintf(port, 8, "%d", number);
    snprintf(host, 256, "%.*s", (int)(colon - where) - (brackets ? 2 : 0), where + (brackets ? 1 : 0));
    return true;
}

static int bind_and_listen(const struct addrinfo *a)
{
    int one = 1, fd = socket(a->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
    if (bind(fd, a->ai_addr, a->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0)
        return fd;
    close(fd);
    return -1;
}

bool listen_start(struct listeners *all, const char *setting, const char *where, bool internal, struct error *err)
{
    char host[256], port[8];
    struct addrinfo *found = NULL, hints = {.ai_family = AF_UNSPEC,
                                            .ai_socktype = SOCK_STREAM,
                                            .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
    if (!split_host_port(where, host, port))
        return error_english(err, ERR_INVALID, setting, "[server] %s is \"%.100s\"; it must be like 127.0.0.1:8080.",
                             setting, where);
    hints.ai_family = strchr(host, ':') ? AF_INET6 : AF_INET;
    int fd = getaddrinfo(host[0] ? host : NULL, port, &hints, &found) == 0 ? bind_and_listen(found) : -1;
    if (found)
        freeaddrinfo(found);
    if (fd < 0)
        return error_english(err, ERR_CONFLICT, setting, "Cannot listen on %s; is another server there?", where);
    struct listener *l = mem_alloc(sizeof(*l));
    *l = (struct listener){.all = all, .next = all->first, .fd = fd, .internal = internal};
    all->first = l;
    uv_poll_init(all->loop, &l->poll, fd);
    l->poll.data = l;
    uv_poll_start(&l->poll, UV_READABLE, on_connections);
    return true;
}

static void free_listener(uv_handle_t *handle)
{
    free(handle->data);
}

void listen_stop(struct listeners *all)
{
    while (all->first) {
        struct listener *l = all->first;
        all->first = l->next;
        uv_poll_stop(&l->poll);
        close(l->fd);
        uv_close((uv_handle_t *)&l->poll, free_listener);
    }
}
