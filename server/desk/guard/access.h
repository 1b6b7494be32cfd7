/* Who opened whose timeline, on its way to the table: noted in memory, so that opening waits for nothing, and written all
 * together twice a second and at the end. From any thread. */
#pragma once

#include "store/access.h"

#define ACCESS_QUARTER_MS (15 * 60 * 1000LL)

/* Repeats are folded into one. When too many wait because the database is away, it is dropped, and the log says so. */
void access_note(const struct uuid *customer, const struct uuid *viewer, enum access_what what, int64_t now);

bool access_waits(void);
/* Writes what waits; what could not be written waits on. False: the database is away. On a database worker. */
bool access_flush(struct db *db, struct arena *a);
