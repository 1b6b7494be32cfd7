/* Asks providers what people are called whom their webhooks name by an id alone: rows of DUE_PROFILE, set when such a person
 * writes. One courier does it besides, when no answer waits; what fails is asked again, less and less often for a day, and then
 * when the person writes again. */
#pragma once

#include "deliver/transfer.h"
#include "store/due.h"

struct profiles {
    const struct desk *desk;
    struct db *db;
    struct transfer *transfer;
    struct due_taker taker;
    changes_publish *publish;
    void *context;
};

/* One of those that are due. False: none is, or the database is away. */
bool profile_ask_next(struct profiles *p);
