/* Some entries emptied in one transaction, wherever they were moved to or from: what the erasure of one entry and of a person
 * have in common. */
#pragma once

#include "desk/act/act.h"

struct erasure {
    struct db *db;
    struct arena *a;
    int64_t now;
    struct cause cause;
    bool with_copies;    /* one entry: wherever it was moved to. A person: what was moved to somebody else is theirs */
    struct list entries; /* struct erasing */
    size_t n_asked;      /* the first of them; what follows is elsewhere */
    int64_t n_entries, n_journal;
};

/* Adds entries to be erased (struct erasing); with words_stay: somebody else's, of which only the way back is emptied. */
void erase_take(struct erasure *x, const struct list *found, bool words_stay);

/* In the transaction: all that was taken, under its locks. False: the database has failed, or *err. */
bool erase_some(struct erasure *x);

/* After the commit: screens show the tombstones. `customer` none: looked up. */
void erase_tell(struct erasure *x, const struct uuid *customer, struct changes *changes);

/* What stays of the payload of an entry of that kind: JSON in the arena, or NULL. */
const char *erase_kept_json(struct arena *a, int kind, const char *payload);

/* One entry, with the one that it was moved to or from. False fills *act->err; files go when the commit is done. */
bool erase_one(struct act *act, const struct uuid *entry, const char *reason);
