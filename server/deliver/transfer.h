/* One request through libcurl: HTTP or SMTP, no redirects, bounded in time and size.
 *
 * Where it may go: to public addresses; to private ones and to this machine only where `networks` names them, but for SMTP to
 * this machine, where mail servers are; never to link-local ones, where clouds keep their metadata. The address is checked
 * that is connected to, so a name that resolves to something else at the second look gains nothing.
 *
 * What is encrypted: SMTP whenever the server offers it (STARTTLS, RFC 3207), with its certificate checked; a password leaves
 * this machine encrypted or not at all. */
#pragma once

#include "channel/inbound.h"
#include "desk/ground/desk.h"

struct transfer; /* one thread's libcurl handle, which keeps connections open */

struct transfer *transfer_new(const struct outgoing_rules *rules); /* borrowed */
void transfer_free(struct transfer *t);                            /* takes NULL */

/* Blocks. The reply's texts are in the arena. `repeatable`: the provider drops a repeat. Otherwise the connection is a new
 * one, because libcurl by itself sends a request again when a connection that it had kept turns out to be dead. */
void transfer_run(struct transfer *t, struct arena *a, const struct send_request *request, bool repeatable,
                  struct send_reply *ret);
