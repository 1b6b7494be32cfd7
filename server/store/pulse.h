/* What a server asks the database each second, by one statement; it tells all who would else have to ask by themselves. */
#pragma once

#include "store/due.h"

struct pulse {
    int64_t generation;         /* of the channels' accounts (channel_generation) */
    int64_t log_end;            /* the highest number in change_log */
    int64_t due_at[DUE_WHATS_]; /* due_look_take */
};

/* False: the database is away. */
bool pulse_ask(struct db *db, struct arena *a, int64_t now, struct pulse *ret);
