/* Entries changed outside of an ingest: under the locks of their identities and customers, each a version higher, told to
 * the search index and to screens. */
#pragma once

#include "desk/act/act.h"

struct entry_edit {
    struct act *act;
    struct uuid ids[2];
    size_t n;
    struct entry *entries[2]; /* in the order of the ids, as they are now that nobody else writes */
    /* In the transaction, which may run again. False: refused (*act->err). */
    bool (*change)(struct db *db, struct entry_edit *edit);
    bool flag;                             /* the caller's */
    bool for_visitor;                      /* what changes of a chat message its visitor sees too */
    bool counts_anew;                      /* what their conversations follow from changes as well */
    struct conversation *conversations[2]; /* then as they are now; or NULL */
};

/* One transaction. False fills *act->err. */
bool entry_edit_run(struct entry_edit *edit);
