/* Is the database there, are its tables, and have the accounts of channels changed? A worker of its own asks, so that the answer
 * waits behind no other work. It keeps `database_ready` and `accounts` of the server, and hands out the rest of the pulse
 * (store/pulse.h). On the loop. */
#pragma once

struct probe;
struct pulse;
struct server;

/* `found` is called on the loop after each answer that the database is there, before `database_ready` says so. */
struct probe *probe_new(struct server *s, void (*found)(struct server *s, const struct pulse *pulse));
void probe_free(struct probe *p); /* takes NULL; after the last job */

void probe_now(struct probe *p); /* asks, unless it does already: each second, and when accounts have changed */
