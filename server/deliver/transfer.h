/* One request through libcurl: HTTP or SMTP, no redirects, bounded in time and size. */
#pragma once

#include "channel/inbound.h"

struct transfer; /* one thread's libcurl handle, which keeps connections open */

struct transfer *transfer_new(void);
void transfer_free(struct transfer *t); /* takes NULL */

/* Blocks. The reply's texts are in the arena. `repeatable`: the provider drops a repeat. Otherwise the connection is a new
 * one, because libcurl by itself sends a request again when a connection that it had kept turns out to be dead. */
void transfer_run(struct transfer *t, struct arena *a, const struct send_request *request, bool repeatable,
                  struct send_reply *ret);
