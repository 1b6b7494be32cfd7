/* All connections, WebSockets among them as a number: how many there are, of whom, and whose time is over. On the loop. */
#pragma once

#include "web/http/conn.h"

#include <sys/socket.h>

/* With WebSockets; an IPv6 address counts by its /64, and a trusted proxy is not counted. */
#define CONNECTIONS_PER_ADDRESS_MAX 1024

struct conns;

/* Everything given is borrowed. `trusted_proxies`: addresses with blanks between. */
struct conns *conns_new(uv_loop_t *loop, const char *trusted_proxies, const struct conn_owner *calls, void *owner);
void conns_free(struct conns *all); /* after the loop has run out; takes NULL */

void conns_take(struct conns *all, int fd, const struct sockaddr_storage *peer, bool internal); /* `fd` is theirs now */
void conns_sweep(struct conns *all);                /* once a second: ends those whose time is over */
void conns_end_idle(struct conns *all, size_t max); /* to have room for others */
void conns_close(struct conns *all);
size_t conns_count(const struct conns *all); /* with WebSockets */
bool conns_answer(const struct conns *all);  /* somebody's answer is being made, or on its way */

/* WebSockets count as connections of their peer too: by address_group of the other end's address, not of what a proxy says. */
void conns_enter(struct conns *all, uint64_t group);
void conns_leave(struct conns *all, uint64_t group);
