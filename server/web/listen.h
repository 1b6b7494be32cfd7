/* Listeners: where connections come from. With no descriptors left, and with as many connections as there may be, nobody is
 * accepted until one ends or a second is over; they wait in the kernel. On the loop. */
#pragma once

#include "base/error.h"

#include <stdbool.h>

struct server;
struct listener;

/* "host:port", "[v6]:port" or ":port"; `setting`: its name. */
bool listen_start(struct server *s, const char *setting, const char *where, bool internal, struct error *err);
void listen_go_on(struct server *s);          /* a connection has ended: accepts again */
void listen_tick(struct server *s);           /* once a second: makes room and accepts again */
bool listen_has_room(const struct server *s); /* for another descriptor: a connection, a file */
bool listen_is_paused(const struct server *s);
void listen_stop(struct server *s);

void listen_raise_limit(void); /* of descriptors, before anything counts them */
