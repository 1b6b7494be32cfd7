/* Listeners: where connections come from. With no descriptors left, and with as many connections as there may be, nobody is
 * accepted until one ends or a second is over; they wait in the kernel. On the loop. */
#pragma once

#include "base/error.h"

#include <stdbool.h>
#include <uv.h>

struct bodies;
struct conns;
struct listeners;

void listen_raise_limit(void); /* of descriptors, before anything counts them */

/* None at first. Everything is borrowed; `bodies` and files on their way count among the descriptors. */
struct listeners *listeners_new(uv_loop_t *loop, struct conns *conns, const struct bodies *bodies);
void listeners_free(struct listeners *all); /* after the loop has run out; takes NULL */

/* "host:port", "[v6]:port" or ":port"; `setting`: its name. False fills *err: ERR_INVALID, ERR_CONFLICT. */
bool listen_start(struct listeners *all, const char *setting, const char *where, bool internal, struct error *err);
void listen_go_on(struct listeners *all);          /* a connection has ended: accepts again */
void listen_tick(struct listeners *all);           /* once a second: makes room and accepts again */
bool listen_has_room(const struct listeners *all); /* for another descriptor: a connection, a file */
bool listen_is_paused(const struct listeners *all);
void listen_stop(struct listeners *all);
