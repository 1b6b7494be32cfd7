/* What changes who may do and see what: written into the audit in the transaction of the change, and told to the log after
 * its commit as one line
 *
 *   security event=<action> by=agent:<id>|token:<id>|nobody session=<id> address=<address> subject="…" before={…} after={…}
 *
 * for those who collect logs. docs/SECURITY.md lists the events. Nothing in it is a secret. */
#pragma once

#include "api/call.h"
#include "store/audit.h"

struct audited {
    struct call *call;
    const void *params;
    /* In the transaction, which may run more than once; notes what it does by audited_note. False: undone, call->err. */
    bool (*change)(struct db *db, struct audited *s);
    void *own;        /* the caller's */
    bool anybody;     /* needs no right to it: a log-in, a log-out */
    struct list rows; /* struct audit */
};

/* The caller's, now. Good for filling in the rest. */
struct audit audit_of(const struct call *call, enum audit_action action, const char *subject);
/* Good until the next one is noted. */
struct audit *audited_note(struct audited *s, enum audit_action action, const char *subject);

/* Runs it, if what let the caller in still holds then, with the same role: a session that ends, a role that is taken and a
 * token that is revoked meanwhile leave nothing behind. False fills call->err. */
bool call_audited(struct audited *s);

/* Tells the log of what is committed. */
void security_event(struct arena *a, const struct audit *audit);
/* The same of what strangers can cause: at most SECURITY_LINES_MAX in SECURITY_LINES_MS of a process; the next line says
 * how many were left out. `now` is clock_monotonic. */
#define SECURITY_LINES_MAX 30
#define SECURITY_LINES_MS 10000
void security_event_of_stranger(struct arena *a, const struct audit *audit, int64_t now);

/* A member of a JSON object under way: `facts` begins empty, facts_end closes it and gives it in the arena; NULL: nothing
 * was added. A text that is NULL is left out. */
void facts_text(struct buf *facts, const char *name, const char *value);
const char *facts_end(struct arena *a, struct buf *facts);
