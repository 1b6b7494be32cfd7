/* How far an answer has come: what couriers say of it, and what agents do about it. */
#pragma once

#include "desk/act/act.h"

/* NULL fills *act->err; else the entry as it is. */
struct entry *act_cancel(struct act *act, const struct uuid *entry);
struct entry *act_retry(struct act *act, const struct uuid *entry);

/* One that is planned: for another time; on its way now (0); and, because it may not go, failed for a reason. */
struct entry *act_plan_for(struct act *act, const struct uuid *entry, int64_t send_at);
struct entry *act_plan_over(struct act *act, const struct uuid *entry, const char *error); /* NULL: it goes */

/* The one way in which the delivery state of an entry changes outside of ingest. In the caller's transaction, which has
 * locked the outbox row before. NULL: no such entry. */
struct settle {
    struct uuid entry;
    struct cause cause;
    int delivery;
    const char *error;
    const char *external_id;           /* or NULL */
    const int64_t *send_at;            /* of one that is planned; NULL: as it is */
    struct conversation *conversation; /* filled when it stands otherwise now; else NULL */
};
struct entry *entry_settle(struct db *db, struct arena *a, struct settle *s);
/* And what to tell after the commit; `c` may be NULL. */
void entry_settled(struct db *db, struct arena *a, const struct entry *e, const struct conversation *c,
                   struct changes *changes);
