/* One request through libcurl: HTTP or SMTP, bounded in time and size; no redirects, but for a file's.
 * Where it may go, and what is encrypted on the way: deliver/network.h. */
#pragma once

#include "channel/inbound.h"
#include "desk/ground/desk.h"

struct transfer; /* one thread's libcurl handle, which keeps connections open */

struct transfer *transfer_new(const struct outgoing_rules *rules); /* borrowed */
void transfer_free(struct transfer *t);                            /* takes NULL */

/* From now on each request is broken off, within a second, when this says so: only for who asks for nothing but what may be asked
 * again. */
void transfer_may_stop(struct transfer *t, bool (*stops)(void *arg), void *arg);

/* Blocks. The reply's texts are in the arena. `repeatable`: the provider drops a repeat. Otherwise the connection is a new
 * one, because libcurl by itself sends a request again when a connection that it had kept turns out to be dead. */
void transfer_run(struct transfer *t, struct arena *a, const struct send_request *request, bool repeatable,
                  struct send_reply *ret);

/* Of a mail by SMTP only what comes before it: the log-in, MAIL FROM as it has it, RCPT TO `to`, RSET. The reply is the first that is no 2xx,
 * or the last. The transfer must be one that keeps no other connection. */
void transfer_try(struct transfer *t, struct arena *a, const struct send_request *request, const char *to,
                  struct send_reply *ret);

/* Where the content of an answer goes. */
struct transfer_file {
    int fd;
    int64_t max;
    bool stays;       /* no redirect is followed */
    int64_t size;     /* that has come, of a 200 alone */
    bool too_large;   /* than max */
    bool disk_failed; /* what came could not be written */
    const char *type; /* MIME type, lower case; NULL: none is said, or one that says nothing */
};

#define TRANSFER_FILE_MS (10 * 60 * 1000LL) /* no longer, however slow */

/* The same for a GET that may be large, and may be sent on to where a provider keeps its files: there without our credentials, and
 * encrypted unless the first address was not. Of any other answer than a 200 the file gets nothing. */
void transfer_fetch(struct transfer *t, struct arena *a, const struct send_request *request, struct transfer_file *file,
                    struct send_reply *ret);

/* The same of an answer to a GET that is wanted whole, up to `max` bytes: of a larger one those, and *ret_too_large. */
void transfer_read(struct transfer *t, struct arena *a, const struct send_request *request, size_t max,
                   struct send_reply *ret, bool *ret_too_large);
