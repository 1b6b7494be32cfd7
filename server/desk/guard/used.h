/* When sessions and tokens were used last, on the way to the table: noted in memory, so that no call waits for it, and
 * written all together, each credential at most once in USED_EVERY_MS. From any thread. */
#pragma once

#include "base/crypto.h"
#include "db/db.h"

#define USED_EVERY_MS 60000

/* Only of credentials that hold: what strangers send takes no room here. */
void used_note(const uint8_t hash[SHA256_SIZE], bool is_token, const char *address, int64_t now);
/* Writes what waits; what could not be written waits on. By the chores, each second. */
void used_flush(struct db *db, struct arena *a);
