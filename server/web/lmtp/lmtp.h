/* LMTP (RFC 2033) at a unix socket: mail servers of this machine hand over what comes for the channels' addresses, and hear of each
 * recipient what became of it. On the loop. */
#pragma once

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

#define LMTP_RELAYS_MAX 64 /* Postfix makes 20 at most, if nothing else is said */

struct lmtp;
struct server;

/* `path`: [server] lmtp_listen. False fills *err: ERR_INVALID, ERR_CONFLICT; *ret may be there all the same, to be closed and freed.
 * The server is borrowed. */
bool lmtp_start(struct server *server, const char *path, struct lmtp **ret, struct error *err);
/* All that follow take NULL: none listens. */
void lmtp_tick(struct lmtp *l);          /* once a second: ends those that say nothing */
void lmtp_stop(struct lmtp *l);          /* takes nothing more: what is in hand is answered, the others are told */
bool lmtp_answers(const struct lmtp *l); /* somebody's mail is in hand, or a reply is on its way */
void lmtp_close(struct lmtp *l);         /* ends all, so that the loop can run out */
void lmtp_free(struct lmtp *l);          /* after the last mail has been answered: when no worker is left */
size_t lmtp_relays(const struct lmtp *l);
