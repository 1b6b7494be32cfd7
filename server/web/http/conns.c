#include "web/http/conns.h"

#include "base/log.h"
#include "base/mem.h"
#include "web/http/conn_read.h"
#include "web/http/origin.h"
#include "web/loop/index.h"

#include <arpa/inet.h>
#include <unistd.h>

#define TELL_EVERY_MS 10000

struct conns {
    uv_loop_t *loop;
    const char *trusted_proxies;
    const struct conn_owner *calls;
    void *owner;
    struct conn *first;
    size_t n;               /* with WebSockets */
    struct index *by_group; /* how many of an address */
    char *buffer;           /* READ_SIZE bytes */
    int64_t refused_told;   /* when the log has told last of an address with too many */
};

struct conns *conns_new(uv_loop_t *loop, const char *trusted_proxies, const struct conn_owner *calls, void *owner)
{
    struct conns *all = mem_alloc(sizeof(*all));
    *all = (struct conns){.loop = loop,
                          .trusted_proxies = trusted_proxies,
                          .calls = calls,
                          .owner = owner,
                          .by_group = index_new(),
                          .buffer = mem_alloc(READ_SIZE)};
    return all;
}

void conns_free(struct conns *all)
{
    if (!all)
        return;
    index_free(all->by_group);
    free(all->buffer);
    free(all);
}

void conns_enter(struct conns *all, uint64_t group)
{
    all->n++;
    index_put(all->by_group, group, (void *)((uintptr_t)index_get(all->by_group, group) + 1));
}

void conns_leave(struct conns *all, uint64_t group)
{
    uintptr_t n = (uintptr_t)index_get(all->by_group, group);
    all->n--;
    if (n > 1)
        index_put(all->by_group, group, (void *)(n - 1));
    else
        index_remove(all->by_group, group);
}

/* False: this address has enough. */
static bool may_enter(struct conns *all, const char *peer)
{
    uintptr_t n = (uintptr_t)index_get(all->by_group, address_group(peer));
    int64_t now = (int64_t)uv_now(all->loop);
    if (n < CONNECTIONS_PER_ADDRESS_MAX || address_is_trusted(all->trusted_proxies, peer))
        return true;
    http_metrics.refused++;
    if (now - all->refused_told > TELL_EVERY_MS || !all->refused_told) {
        all->refused_told = now;
        log_warning("connection refused address=%s connections=%zu: a proxy belongs into trusted_proxies", peer,
                    (size_t)n);
    }
    return false;
}

static void peer_text(const struct sockaddr_storage *peer, char ret[ADDRESS_TEXT_SIZE])
{
    char text[ADDRESS_TEXT_SIZE] = "";
    const void *address = peer->ss_family == AF_INET6 ? (const void *)&((const struct sockaddr_in6 *)peer)->sin6_addr
                                                      : (const void *)&((const struct sockaddr_in *)peer)->sin_addr;
    inet_ntop(peer->ss_family, address, text, sizeof(text));
    if (!address_normal(text, strlen(text), ret))
        ret[0] = '\0';
}

static void unlink_conn(struct conn *c)
{
    *c->self = c->next;
    if (c->next)
        c->next->self = c->self;
    conns_leave(c->all, address_group(c->peer));
}

static void link_conn(struct conns *all, struct conn *c)
{
    c->next = all->first;
    c->self = &all->first;
    if (c->next)
        c->next->self = &c->next;
    all->first = c;
    conns_enter(all, address_group(c->peer));
}

void conns_take(struct conns *all, int fd, const struct sockaddr_storage *peer, bool internal)
{
    struct conn *c = mem_alloc(sizeof(*c));
    *c = (struct conn){.all = all,
                       .calls = all->calls,
                       .owner = all->owner,
                       .leave = unlink_conn,
                       .buffer = all->buffer,
                       .internal = internal};
    peer_text(peer, c->peer);
    if (!internal && !may_enter(all, c->peer)) {
        close(fd);
        free(c);
        return;
    }
    uv_tcp_init(all->loop, &c->tcp);
    c->tcp.data = c;
    link_conn(all, c);
    conn_move(c, CONN_IDLE, FIRST_HEAD_WITHIN_MS);
    if (uv_tcp_open(&c->tcp, fd) != 0) {
        close(fd);
        conn_break(c);
        return;
    }
    uv_tcp_nodelay(&c->tcp, 1);
    conn_set_reading(c);
}

void conns_sweep(struct conns *all)
{
    int64_t now = (int64_t)uv_now(all->loop);
    for (struct conn *c = all->first, *next; c; c = next) {
        next = c->next;
        if (now > c->deadline)
            conn_break(c);
    }
}

void conns_end_idle(struct conns *all, size_t max)
{
    for (struct conn *c = all->first, *next; c && max; c = next) {
        next = c->next;
        if (c->state == CONN_IDLE) {
            conn_break(c);
            max--;
        }
    }
}

void conns_close(struct conns *all)
{
    while (all->first)
        conn_break(all->first);
}

bool conns_answer(const struct conns *all)
{
    for (const struct conn *c = all->first; c; c = c->next)
        if (c->state == CONN_WAIT || c->state == CONN_WRITE)
            return true;
    return false;
}

size_t conns_count(const struct conns *all)
{
    return all->n;
}
