/* What was decided about people and their data, and who may do and see what: by whom, by what, from where, when, why. Rows
 * are only ever added; the erasure of a person empties their words. */
#pragma once

#include "base/terms.h"
#include "db/db.h"
#include "store/records.h"

#define AUDIT_SUBJECT_MAX 500

/* A set of actions; with AUDIT_NOTHING_ELSE it is all that somebody may note. */
#define AUDIT_BIT(action) (UINT64_C(1) << (action))
#define AUDIT_NOTHING_ELSE (UINT64_C(1) << 63)
_Static_assert(AUDIT_ACTIONS_ < 63, "a bit for each action");

/* When it is not in the set, the row of the method does not say it: a mistake in our own code, told to the log, at which the
 * builds of the tests end. 0: no set. */
void audit_check(uint64_t set, enum audit_action action);

struct audit {
    int64_t at;
    int64_t agent;        /* key; 0: an integrator or the system */
    struct uuid agent_id; /* the same for the log; not stored */
    struct uuid token;    /* the integrator's, or none */
    struct uuid session;  /* of the browser: the first half of its token's hash, or none */
    const char *address;  /* whence; NULL: from within */
    enum audit_action action;
    int64_t customer;    /* key of the person whom it is about; 0: nobody in particular */
    int64_t other;       /* of the second person in it; 0: none */
    const char *subject; /* to whom or what it was done, by its name; cut to AUDIT_SUBJECT_MAX bytes; may be NULL */
    const char *reason;  /* in the words of who did it; may be NULL */
    const char *before, *after; /* JSON objects of what is different, without secrets; or NULL */
};

/* In the caller's transaction, the one of what it tells: it fails with it (db.h). */
void audit_add(struct db *db, struct arena *a, const struct audit *audit);

/* The same of what can be repeated at will: within AUDIT_FOLD_MS all with the same `key` are one row that counts. Needs no
 * transaction. Returns how often it has been so far. */
#define AUDIT_FOLD_MS (10 * 60 * 1000LL)
int64_t audit_count(struct db *db, struct arena *a, const struct audit *audit, const char *key);

extern const struct shape AUDIT_EVENT_RECORD;
struct audit_event {
    int64_t id;
    int64_t at;
    struct uuid agent_id;
    const char *agent_name;
    int action; /* enum audit_action */
    struct uuid customer_id;
    const char *subject;
    const char *reason;
    struct uuid token_id, session_id;
    const char *address;
    const char *before, *after;
    int64_t last_at, count;
};

/* Log-ins, and tries to, from before that time; at most `limit`. How many went. */
int64_t audit_sweep_logins(struct db *db, int64_t before, int64_t limit);

/* What of the record: decisions about people and data, who may do what and who came in, or both. */
enum audit_about { AUDIT_ABOUT_PEOPLE, AUDIT_ABOUT_ACCESS, AUDIT_ABOUT_ALL };

/* Newest first; struct audit_event. `customer` none: all; before 0: from the newest. */
struct list audit_list(struct db *db, struct arena *a, enum audit_about about, const struct uuid *customer,
                       int64_t before, int64_t limit);

/* Empties the words of all that was noted about a person, alone or with another … */
void audit_erase(struct db *db, int64_t customer);
/* … and of what was noted about those to whom the identity once belonged, where this name of it stands on one side of an
 * arrow, before a colon or alone. */
void audit_erase_mentions(struct db *db, struct arena *a, int64_t identity, const char *name);
