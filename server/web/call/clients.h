/* All screens that call: what happens when a socket opens, says something and closes. On the loop. */
#pragma once

struct screen;
struct server;
struct socket_owner;

extern const struct socket_owner CLIENTS; /* its owner is the server */

void clients_recheck(struct screen *k); /* for the hub: its log-in may have ended */
void clients_sweep(struct server *s); /* every few seconds: pings; ends those that have gone silent, or hold no more */
