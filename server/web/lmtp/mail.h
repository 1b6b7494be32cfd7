/* A mail that has come whole, on its way to the channels of its recipients: to one after the other, so that its bytes are there once,
 * and once to each. What becomes of it does not hang on the client: it may be gone. On the loop. */
#pragma once

#include "web/http/body.h"
#include "web/lmtp/envelope.h"

struct server;

struct lmtp_metrics {
    uint64_t taken, failed, later, unknown; /* of mails, for each channel; `unknown`: recipients */
};
extern struct lmtp_metrics lmtp_metrics; /* the loop's */

/* Whom to tell: all recipients are answered. */
struct mail_owner {
    void (*done)(void *arg, uint64_t serial, const struct envelope *e);
    void *arg;
    uint64_t serial; /* of the session */
};

/* Takes the envelope and the body over, and leaves none. The body begins with `room` bytes that are no mail, enough for the lines of
 * all its recipients. `done` is called once, later or before this returns. */
void mail_begin(struct server *s, const struct mail_owner *owner, struct envelope *e, struct body *body, size_t room);
