/* Entries that stay on top of their person's page. */
#pragma once

#include "db/db.h"
#include "store/records.h"

void pin_set(struct db *db, const struct entry *e, bool pinned, int64_t agent, int64_t now);
